"""Other help, arranged and followed up."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.entitled import holds_case, holds_referral
from trim_bot.app.people.access import SERVES
from trim_bot.app.referrals import handlers, screens
from trim_bot.app.referrals.commands import MoveReferral, OfferReferral
from trim_bot.app.referrals.steps import STEPS
from trim_bot.app.seam.links import OpenReferral, OpenReferralMove
from trim_bot.app.seam.route import OutcomeScreen, Route, form
from trim_bot.domain.records import Action

ROUTES: tuple[Route, ...] = (
    form(
        "referral",
        OpenReferral,
        handlers.open_referral,
        OfferReferral,
        handlers.offer,
        Action.REFERRED,
        allow=SERVES & holds_case,
    ),
    form(
        "referral_next",
        OpenReferralMove,
        handlers.open_move,
        MoveReferral,
        handlers.move,
        Action.REFERRED,
        allow=SERVES & holds_referral,
        reads=True,
    ),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "referral_kept": screens.kept,
}

__all__ = ["OUTCOMES", "ROUTES", "STEPS"]
