"""Examples of a safety concern."""

from __future__ import annotations

from trim_bot.app.examples.sample import Example, Sample
from trim_bot.app.safety import screens as safety
from trim_bot.app.safety.screens import Called, CallState
from trim_bot.app.seam.paging import whole
from trim_bot.domain.ids import CaseId


def views(sample: Sample) -> dict[str, Example]:
    """For whoever is with the person, and for those who were called."""
    site = sample.site
    both = (sample.lead, sample.deputy)
    called = (Called(sample.lead, reached=True), Called(sample.deputy, reached=False))
    holders = (sample.practitioner,)
    two = ((CaseId("case"), "2 March 2026"), (CaseId("b"), "9 June 2026"))
    return {
        "safety/called": safety.safety_page(CaseId("case"), CallState.OPEN, called, whole(both), site),
        "safety/none": safety.safety_page(CaseId("case"), CallState.NONE, (), whole(both), site),
        "safety/nobody": safety.safety_page(CaseId("case"), CallState.NOBODY, (), whole(()), site),
        "safety/answered": safety.safety_page(CaseId("case"), CallState.ANSWERED, (), whole(both), site),
        "concern/two": safety.concern_page(whole(two), site),
        "concern/one": safety.concern_page(whole(((CaseId("case"), "2 March 2026"),)), site),
        "concern/none": safety.concern_page(whole(()), site),
        "safety_called/waiting": safety.call_page(CaseId("case"), holders, site, waits=True, opens=True),
        "safety_called/answered": safety.call_page(CaseId("case"), (), site, waits=False, opens=False),
    }
