"""Other help, arranged and followed up, and the step that waits until it was."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.commands import OpenAssign
from trim_bot.app.cases.entitled import holds_case, holds_referral
from trim_bot.app.cases.routes import is_lost
from trim_bot.app.people.access import SERVES
from trim_bot.app.referrals import handlers, screens
from trim_bot.app.referrals.commands import MoveReferral, OfferReferral
from trim_bot.app.seam.links import OpenReferral, OpenReferralMove
from trim_bot.app.seam.route import OutcomeScreen, Route, form
from trim_bot.app.seam.work import Next, StepRule, UnitOfWork, Work
from trim_bot.domain.ids import CaseId, ReferralId
from trim_bot.domain.records import Action, AnyMeasure, RecordRule
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.steps import Step, StepKind

ROUTES: tuple[Route, ...] = (
    form(
        "referral",
        OpenReferral,
        handlers.open_referral,
        OfferReferral,
        handlers.offer,
        Action.REFERRED,
        allow=SERVES & holds_case,
        reads=True,
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


def _move(work: Work, step: Step) -> Next:
    return (
        OpenAssign(step.case_id or CaseId(""))
        if is_lost(work, step)
        else OpenReferralMove(ReferralId(step.subject))
    )


def _goes_on(work: UnitOfWork, step: Step) -> bool:
    referral = work.tx.get(Referral, ReferralId(step.subject))
    return referral is not None and referral.state not in (ReferralState.CLOSED, ReferralState.DECLINED)


STEPS = (StepRule(StepKind.REFERRAL, "Help to follow up", _move, still_wanted=_goes_on, goes_with_case=True),)

RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
