"""How a case stands: fetched, whether something is late, whether it may be opened again, and ending it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from trim_bot.app.people.eligible import lapsed_on
from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.ladder import note_left
from trim_bot.domain.cases import (
    Case,
    CaseState,
    CheckIn,
    CheckInState,
    CloseReason,
    Ended,
    Interview,
    InterviewState,
)
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import CaseId, CheckInId, IncidentId, MemberId, OfferId
from trim_bot.domain.incidents import Incident, Offer
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.referrals import NEXT, Referral, ReferralState
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import OPEN_STATES, AnyStepKind, Step, StepKind, StepState

T = TypeVar("T")


def called_until(work: UnitOfWork, case: Case) -> datetime | None:
    """Until when (UTC) a case opens to those who were called in for safety; None while such a call is open."""
    calls = work.tx.find(Step, case_id=case.id, kind=StepKind.SAFETY)
    # One that was taken back gives nobody any time.
    calls = [call for call in calls if call.state is not StepState.CANCELLED]
    if any(call.state in OPEN_STATES for call in calls):
        return None
    return max((call.due_at for call in calls), default=case.opened_at) + POLICY.called_in_lasts


def lapse_ends(work: UnitOfWork, case: Case) -> datetime | None:
    """Until when (UTC) a case opens to a holder whose training has run out; None while it counts.

    The time runs from when they and the lead were told, so that a date put into the roster moves nothing at once.
    """
    ended = lapsed_on(work, case.holder) if case.holder is not None else None
    if ended is None or case.lapse_told_at is None:
        return None
    told_on = case.lapse_told_at.astimezone(work.zone_of(None)).date()
    return case.lapse_told_at + POLICY.lapsed_holds_for if told_on > ended else None


class LapseStep(AnyStepKind):
    """What waits about ended training."""

    REQUEST_PASSES_ON = "request_passes_on"
    """Whoever took a request is to see that their training has run out, and that somebody else takes it over."""


def told_of_lapse(work: UnitOfWork, request: SupportRequest) -> Step | None:
    """What tells whoever took a request that their training has run out; None while it counts."""
    ended = lapsed_on(work, request.taken_by) if request.taken_by is not None else None
    if ended is None:
        return None
    kind = LapseStep.REQUEST_PASSES_ON
    told = work.tx.find(Step, kind=kind, subject=request.id, holder=request.taken_by, order_by="-opens_at")
    zone = work.zone_of(None)
    return next((one for one in told if one.opens_at.astimezone(zone).date() > ended), None)


def request_has_lapsed(work: UnitOfWork, request: SupportRequest) -> bool:
    """Whether whoever took a request holds it no more, since their training ran out; the same time as for a case."""
    told = told_of_lapse(work, request)
    return told is not None and work.now >= told.opens_at + POLICY.lapsed_holds_for


def close_case(work: UnitOfWork, case: Case, reason: CloseReason, by: MemberId | None = None) -> Case:
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


def is_late(work: Work, step: Step) -> bool:
    """Whether what is somebody's own should have happened by now: passed on, past its window, or past what was said."""
    passed_on = step.holder != work.who.id
    reminded = step.state is StepState.TOLD and step.due_at <= work.now
    if passed_on or reminded or (step.promised_at is not None and step.promised_at < work.now):
        return True
    check_in = work.tx.get(CheckIn, CheckInId(step.subject)) if step.kind is StepKind.CHECK_IN else None
    return check_in is not None and check_in.closes_at < work.now


def may_open_again(work: UnitOfWork, case: Case) -> bool:
    """Within the site's days, and never what the person ended, also where a practitioner wrote that down for them.

    A case whose record is gone, erased or of a programme that keeps none, is not there to be asked about.
    """
    return (
        case.state is CaseState.CLOSED
        and case.closed_at is not None
        and case.close_reason not in (None, CloseReason.WITHDRAWN)
        and work.now - case.closed_at <= timedelta(days=work.site.reopen_days)
    )


def get_case(work: Work, id: CaseId) -> Case:
    """The case. Raises NotOpen."""
    return _there(work.tx.get(Case, id), "case")


def get_check_in(work: Work, id: CheckInId) -> tuple[CheckIn, Case]:
    """The check-in and its case. Raises NotOpen."""
    check_in = _there(work.tx.get(CheckIn, id), "check_in")
    return check_in, get_case(work, check_in.case_id)


def get_offer(work: Work, id: OfferId) -> Offer:
    """The offer. Raises NotOpen."""
    return _there(work.tx.get(Offer, id), "offer")


def get_incident(work: Work, id: IncidentId) -> Incident:
    """The incident. Raises NotOpen."""
    return _there(work.tx.get(Incident, id), "incident")


def get_member(work: Work, id: MemberId) -> Member:
    """The member. Raises NotOpen."""
    return _there(work.tx.get(Member, id), "member")


def interview_of(work: Work, check_in: CheckIn, state: InterviewState) -> Interview | None:
    """The interview of a check-in in this state, or None."""
    found = work.tx.find(Interview, check_in_id=check_in.id, state=state, limit=1)
    return found[0] if found else None


def _there(record: T | None, word: str) -> T:
    if record is None:
        raise NotOpen(word)
    return record
