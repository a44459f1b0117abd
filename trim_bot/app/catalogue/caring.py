"""Examples of a safety concern and of help from professionals."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.catalogue.sample import KEY, NOW, Example, Sample
from trim_bot.app.screens import referrals, safety
from trim_bot.app.screens.safety import Call, Called
from trim_bot.domain.ids import CaseId, ReferralId
from trim_bot.domain.referrals import Referral, ReferralState


def views(sample: Sample) -> dict[str, Example]:
    """Both, in every state."""
    site = sample.site
    both = (sample.lead, sample.deputy)
    called = (Called(sample.lead, reached=True), Called(sample.deputy, reached=False))
    service = site.services[0]
    today = NOW.astimezone(sample.zone).date()
    holders = (sample.practitioner,)
    found: dict[str, Example] = {
        "safety/called": safety.safety_page("case", Call.OPEN, called, both, site),
        "safety/none": safety.safety_page("case", Call.NONE, (), both, site),
        "safety/nobody": safety.safety_page("case", Call.NOBODY, (), (), site),
        "safety/answered": safety.safety_page("case", Call.ANSWERED, (), both, site),
        "safety_called/waiting": safety.call_page("case", holders, site, waits=True, opens=True),
        "safety_called/answered": safety.call_page("case", (), site, waits=False, opens=False),
        "referral/open": referrals.referral_form("case", site),
        "referral/no_services": referrals.referral_form("case", replace(site, services=())),
    }
    for state in ReferralState:
        referral = Referral(ReferralId("referral"), KEY, CaseId("case"), service.id, state, NOW, NOW)
        found[f"referral_next/{state.value}"] = referrals.move_form(referral, service, today)
    return found
