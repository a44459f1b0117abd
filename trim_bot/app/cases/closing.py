"""Ends a case: nothing waits for it any more, and no reminder is ever sent for it again."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.end_of_ladder import note_left
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState, CloseReason, Ended
from trim_bot.domain.ids import MemberId
from trim_bot.domain.referrals import NEXT, Referral, ReferralState
from trim_bot.domain.steps import StepKind, StepState


def close_case(work: Work, case: Case, reason: CloseReason, by: MemberId | None = None) -> Case:
    """Close a case with its check-ins, referrals and steps; only a safety call goes on until it is answered.

    `by` is the practitioner who ended it. What ended with it is kept, in case that was a mistake.
    """
    with_it: list[Ended] = []
    for check_in in work.tx.find(CheckIn, case_id=case.id, state=(CheckInState.PLANNED, CheckInState.OPEN)):
        with_it.append(Ended(check_in.id, check_in.state.value))
        work.tx.save(replace(check_in, state=CheckInState.CANCELLED))
    ended = StepState.DECLINED if reason is CloseReason.WITHDRAWN else StepState.CANCELLED
    for step in waits.open_steps(work, case_id=case.id):
        if step.kind is not StepKind.SAFETY:
            note_left(work, step)
            work.tx.save(replace(step, state=ended, lease_until=None))
    for referral in work.tx.find(Referral, case_id=case.id):
        if NEXT[referral.state]:
            with_it.append(Ended(referral.id, referral.state.value))
            work.tx.save(replace(referral, state=ReferralState.CLOSED, changed_at=work.now))
    closed = replace(
        case,
        state=CaseState.CLOSED,
        closed_at=work.now,
        close_reason=reason,
        closed_by=by,
        ended_with=tuple(with_it),
    )
    work.tx.save(closed)
    return closed
