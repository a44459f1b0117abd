"""Examples of help from professionals."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.examples.sample import KEY, NOW, Example, Sample
from trim_bot.app.referrals import screens as referrals
from trim_bot.domain.ids import CaseId, ReferralId, ServiceId
from trim_bot.domain.referrals import Referral, ReferralState


def views(sample: Sample) -> dict[str, Example]:
    """Offering it, and following it in every state."""
    site = sample.site
    banner = sample.whose("Support after a hard event")
    service = site.services[0]
    today = NOW.astimezone(sample.zone).date()
    many = tuple(
        replace(service, id=ServiceId(f"service_{number}"), name=f"{service.name} {number}")
        for number in range(1, 122)
    )
    found: dict[str, Example] = {
        "referral/open": referrals.referral_form(banner, CaseId("case"), site),
        "referral/many_services": referrals.referral_form(
            banner, CaseId("case"), replace(site, services=many)
        ),
        "referral/no_services": referrals.referral_form(banner, CaseId("case"), replace(site, services=())),
    }
    for state in ReferralState:
        referral = Referral(ReferralId("referral"), KEY, CaseId("case"), service.id, state, NOW, NOW)
        found[f"referral_next/{state.value}"] = referrals.move_form(banner, referral, service, today)
    return found
