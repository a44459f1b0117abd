"""What waits after other help was arranged: its next move, to be recorded."""

from __future__ import annotations

from trim_bot.app.cases.commands import OpenAssign
from trim_bot.app.cases.steps import is_lost
from trim_bot.app.seam.links import OpenReferralMove
from trim_bot.app.seam.work import Next, StepRule, Work
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.steps import Step, StepKind


def _move(work: Work, step: Step) -> Next:
    return OpenAssign(step.case_id or "") if is_lost(work, step) else OpenReferralMove(step.subject)


def _goes_on(work: Work, step: Step) -> bool:
    referral = work.tx.get(Referral, step.subject)
    return referral is not None and referral.state not in (ReferralState.CLOSED, ReferralState.DECLINED)


STEPS = (StepRule(StepKind.REFERRAL, "Help to follow up", _move, still_wanted=_goes_on, goes_with_case=True),)
