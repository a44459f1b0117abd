"""Whose hands a case is in: taking it, giving it, giving it back."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases import after_call, first_contact
from trim_bot.app.cases import screens as taking
from trim_bot.app.cases.commands import OpenTake, PassCase, TakeCase
from trim_bot.app.cases.given_on import tell_former
from trim_bot.app.cases.state import get_case
from trim_bot.app.people.eligible import could_take, has_room
from trim_bot.app.seam.links import OpenCase
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Concerned, Next, Outcome, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.hours import working_days_on
from trim_bot.domain.cases import Case, CheckIn, CheckInState
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.referrals import NEXT, Referral, ReferralState
from trim_bot.domain.steps import Rung, StepKind, StepState

STILL_WAITING = tuple(state for state in ReferralState if NEXT[state])


def open_take(work: Work, command: OpenTake) -> Screen:
    """Say that a case waits; nothing about the person before it is taken."""
    case = get_case(work, command.case)
    full = 0 if has_room(work, work.who.id) else work.site.most_open_cases
    return taking.take_page(case.id, work.now - case.opened_at, full)


def take(work: Work, command: TakeCase) -> Next:
    """The first practitioner free of conflict to take a case has it."""
    case = get_case(work, command.case)
    if not could_take(
        work, work.who.id, Concerned(case.member_id, case.incidents, (*case.refused, *case.passed))
    ):
        raise NotOpen("conflict")
    if not has_room(work, work.who.id):
        return OpenTake(case.id)
    give(work, case, work.who.id)
    return OpenCase(case.id)


def pass_on(work: Work, command: PassCase) -> Outcome:
    """Give a case back to the pool, without a reason."""
    case = get_case(work, command.case)
    release(work, replace(case, passed=(*case.passed, work.who.id)))
    return Outcome("case_passed")


def give(work: UnitOfWork, case: Case, holder: MemberId, cover: MemberId | None = None) -> Case:
    """Put a case into a practitioner's hands, with its check-ins and referrals; they are told if it was not them.

    So is whoever held it until then, and whoever still does where somebody else names who covers.
    """
    me = work.who.member.id if work.who.member is not None else None
    was = work.tx.get(Case, case.id)
    changes = was is not None and (was.holder != holder or cover not in (None, was.cover))
    if was is not None and was.holder not in (None, me) and changes:
        tell_former(work, was, was.holder)
    lost = [
        step
        for step in waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id)
        if step.rung is Rung.NOBODY
    ]
    called = (*case.called, holder) if lost and holder not in case.called else case.called
    given = replace(case, holder=holder, cover=cover, called=called)
    work.tx.save(given)
    for step in lost:
        waits.pass_to(work, step, Rung.ASSIGNED, holder)
    waits.end(work, StepState.DONE, kind=StepKind.ASSIGN, case_id=case.id)
    passed = [
        step for step in waits.open_steps(work, case_id=case.id) if work.steps[step.kind].goes_with_case
    ]
    for step in passed:
        waits.pass_to(work, step, Rung.ASSIGNED, holder)
    waiting = {step.subject for step in passed}
    first_contact.begin(work, given)
    after_call.begin(work, given)
    for check_in in work.tx.find(CheckIn, case_id=case.id, state=(CheckInState.PLANNED, CheckInState.OPEN)):
        if check_in.id not in waiting:
            opens = check_in.agreed_at or check_in.due_at
            waits.begin(
                work, StepKind.CHECK_IN, check_in.id, Rung.ASSIGNED, holder, case=case.id, opens_at=opens
            )
    for referral in work.tx.find(Referral, case_id=case.id, state=STILL_WAITING):
        if referral.id not in waiting:
            waits.begin(work, StepKind.REFERRAL, referral.id, Rung.ASSIGNED, holder, case=case.id)
    if all(step.kind is StepKind.SUPERVISION for step in waits.open_steps(work, case_id=case.id)):
        days = working_days_on(work, work.tx.get(Member, holder), POLICY.review_after_working_days)
        waits.begin(work, StepKind.REVIEW, case.id, Rung.ASSIGNED, holder, case=case.id, opens_at=days)
    if holder != me:
        waits.tell(work, holder, None)
    return given


def release(work: UnitOfWork, case: Case) -> Case:
    """Take a case out of its holder's hands and put it into the pool; its check-ins wait for whoever takes it."""
    released = replace(case, holder=None, cover=None)
    work.tx.save(released)
    for kind in (*(one.kind for one in work.steps.values() if one.goes_with_case), StepKind.AGREED_TIME):
        waits.end(work, StepState.MOVED, kind=kind, case_id=case.id)
    for check_in in work.tx.find(CheckIn, case_id=case.id, state=(CheckInState.PLANNED, CheckInState.OPEN)):
        if check_in.agreed_at is not None:
            work.tx.save(replace(check_in, agreed_at=None))
    if not waits.open_steps(work, kind=StepKind.ASSIGN, case_id=case.id):
        waits.begin(work, StepKind.ASSIGN, case.id, Rung.POOL, None, case=case.id)
    return released
