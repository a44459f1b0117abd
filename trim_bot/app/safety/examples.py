"""Examples of a safety concern."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trim_bot.app.examples.sample import NOW, Example, Sample
from trim_bot.app.safety import screens as safety
from trim_bot.app.safety.afterwards_screens import after_form
from trim_bot.app.safety.screens import Called, CallStands, CallState
from trim_bot.app.seam.paging import whole
from trim_bot.domain.cases import CallEnd, SafetyCall
from trim_bot.domain.ids import CaseId, MemberId


def views(sample: Sample) -> dict[str, Example]:
    """For whoever is with the person, and for those who were called."""
    site, zone, now = sample.site, sample.zone, NOW
    both = (sample.lead, sample.deputy)
    whose = sample.whose("Support after a hard event")
    called = (Called(sample.lead, reached=True), Called(sample.deputy, reached=False))
    holders = (sample.practitioner,)
    two = ((CaseId("case"), "2 March 2026"), (CaseId("b"), "9 June 2026"))
    none = CallStands(CaseId("case"), CallState.NONE, wanted=both)
    made = CallStands(
        CaseId("case"), CallState.OPEN, called, both, again_at=now + timedelta(minutes=30), mine=True
    )
    had = replace(none, state=CallState.ANSWERED, has_it=sample.lead, since=now, followed=True)
    nobody = replace(none, state=CallState.NOBODY, wanted=())
    answered = SafetyCall(now, MemberId("p"), CallEnd.ANSWERED, now, contact_by=now + timedelta(days=1))
    written = replace(
        answered,
        contact_by=None,
        told_whom="The family doctor",
        told_when="Today, about three",
        told_why="They said they had taken tablets",
        agreed="Their sister stays tonight. We ring tomorrow at ten.",
    )
    return {
        "safety/called": safety.safety_page(whose, made, whole(both), site, zone),
        "safety/none": safety.safety_page(whose, none, whole(both), site, zone),
        "safety/none_to_call": safety.safety_page(whose, replace(none, wanted=()), whole(()), site, zone),
        "safety/nobody": safety.safety_page(whose, nobody, whole(()), site, zone),
        "safety/answered": safety.safety_page(whose, had, whole(both), site, zone),
        "safety/taken_back": safety.safety_page(
            whose, replace(none, state=CallState.TAKEN_BACK), whole(both), site, zone
        ),
        "after_call/owed": after_form(whose, CaseId("case"), answered, zone),
        "after_call/written": after_form(whose, CaseId("case"), written, zone),
        "concern/two": safety.concern_page(whole(two), site),
        "concern/one": safety.concern_page(whole(((CaseId("case"), "2 March 2026"),)), site),
        "concern/none": safety.concern_page(whole(()), site),
        "safety_called/waiting": safety.call_page(CaseId("case"), holders, site, waits=True, opens=True),
        "safety_called/answered": safety.call_page(CaseId("case"), (), site, waits=False, opens=False),
    }
