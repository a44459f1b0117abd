"""What the clock does with a step whose time has come: tell its owner, remind, climb, or let it end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from trim_bot.app import waits
from trim_bot.app.eligible import with_role
from trim_bot.app.end_of_ladder import note_left
from trim_bot.app.hours import when_reachable, working_days_on
from trim_bot.app.ladder import manages_concerned, next_owner, pool, reachable
from trim_bot.app.work import Subject, Work
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.ids import MemberId
from trim_bot.domain.incidents import Offer, OfferState
from trim_bot.domain.people import Member, Role
from trim_bot.domain.records import Action, Measure
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState

SAFETY_AGAIN = timedelta(minutes=30)
SAFETY_TIMES = 6
NOBODY_AGAIN_WORKING_DAYS = 5


def look_at(work: Work, id: str) -> bool:
    """Move one due step on. Everything is read afresh, so a step that moved meanwhile is left alone."""
    step = work.tx.get(Step, id)
    if step is None or step.state not in OPEN_STATES or step.due_at > work.now:
        return False
    if not _still_wanted(work, step):
        note_left(work, step)
        work.tx.save(replace(step, state=StepState.CANCELLED, lease_until=None))
        return True
    match step.rung:
        case Rung.PERSON:
            _person(work, step)
        case Rung.POOL:
            _pool(work, step)
        case Rung.ASSIGNED | Rung.COVER | Rung.LEAD | Rung.DEPUTY:
            _owner(work, step)
        case Rung.NOBODY:
            tell_coordinators(work, step)
        case _:
            assert_never(step.rung)
    return True


def climb(work: Work, step: Step) -> None:
    """Give a step to the next rung that has somebody on it, and count it when nobody is left."""
    rung, holder = next_owner(work, step)
    work.journal(Action.CLIMBED, step.kind.value, _subject(work, step))
    waits.pass_to(work, step, rung, holder)
    if rung is Rung.NOBODY:
        count_no_owner(work)


def count_no_owner(work: Work) -> None:
    """Count a step that has reached the end of the ladder, whatever it is about."""
    work.tx.count(Measure.NO_OWNER, work.now.astimezone(work.zone_of(None)).date())


def _still_wanted(work: Work, step: Step) -> bool:
    if step.case_id is not None:
        case = work.tx.get(Case, step.case_id)
        if case is None or (case.state is not CaseState.OPEN and step.kind is not StepKind.SAFETY):
            return False
    match step.kind:
        case StepKind.OFFER | StepKind.CONTACT:
            offer = work.tx.get(Offer, step.subject)
            return offer is not None and offer.state in (OfferState.WAITING, OfferState.NOT_NOW)
        case StepKind.CHECK_IN | StepKind.AGREED_TIME:
            check_in = work.tx.get(CheckIn, step.subject)
            return check_in is not None and check_in.state in (CheckInState.PLANNED, CheckInState.OPEN)
        case StepKind.REQUEST:
            request = work.tx.get(SupportRequest, step.subject)
            return request is not None and request.state in (RequestState.WAITING, RequestState.TAKEN)
        case StepKind.REFERRAL:
            referral = work.tx.get(Referral, step.subject)
            return referral is not None and referral.state not in (
                ReferralState.CLOSED,
                ReferralState.DECLINED,
            )
        case StepKind.FIRST_CONTACT:
            request = work.tx.get(SupportRequest, step.subject) if step.case_id is None else None
            return step.case_id is not None or (request is not None and request.state is RequestState.TAKEN)
        case StepKind.ASSIGN | StepKind.SAFETY | StepKind.REVIEW | StepKind.SUPERVISION:
            return True
        case _:
            assert_never(step.kind)


def _person(work: Work, step: Step) -> None:
    """Tell the person once, in their hours; when their time has gone by, let it rest without a mark."""
    if step.state is StepState.TOLD:
        offer = work.tx.get(Offer, step.subject) if step.kind is StepKind.OFFER else None
        if offer is not None and offer.state is OfferState.WAITING:
            work.tx.save(replace(offer, state=OfferState.NO_REPLY))
        work.tx.save(replace(step, state=StepState.CANCELLED, lease_until=None))
        return
    holder = step.holder
    if holder is None or not _in_hours(work, step, holder):
        return
    offer = work.tx.get(Offer, step.subject) if step.kind is StepKind.OFFER else None
    if offer is not None and offer.state is OfferState.NOT_NOW:
        work.tx.save(replace(offer, state=OfferState.WAITING))
    a_day_on = max(work.now, step.opens_at) + timedelta(days=1)
    waits.tell(work, holder, step)
    _told(work, step, max(offer.closes_at, a_day_on) if offer is not None else a_day_on)


def _pool(work: Work, step: Step) -> None:
    """Tell every practitioner who may take it, each when their hours begin; unanswered, it climbs."""
    if step.state is StepState.TOLD:
        climb(work, step)
        return
    able = [id for id in pool(work, step) if reachable(work, id)]
    if not able:
        climb(work, step)
        return
    for id in able:
        waits.tell(work, id, step)
    first = min(when_reachable(work, work.tx.get(Member, id)) for id in able)
    a_day_on = first + timedelta(days=1)
    _told(work, step, max(working_days_on(work, None, work.site.rung_working_days), a_day_on))


def _owner(work: Work, step: Step) -> None:
    """Tell the owner, remind them once, then climb. Away, unreachable and managing owners are passed over at once."""
    urgent = step.kind is StepKind.SAFETY
    unable = step.holder is None or not reachable(work, step.holder, ignoring_leave=urgent)
    if step.holder is None or unable or manages_concerned(work, step.holder, step):
        climb(work, step)
        return
    if urgent:
        _safety(work, step, step.holder)
        return
    days = _days_a_rung(work, step)
    if step.state is StepState.TOLD and step.reminders >= min(2, days):
        climb(work, step)
        return
    if not _in_hours(work, step, step.holder):
        return
    _open_check_in(work, step)
    waits.tell(work, step.holder, step)
    member = work.tx.get(Member, step.holder)
    wait = days if days == 1 else days - 1 if step.reminders else 1
    later = max(working_days_on(work, member, wait), step.opens_at)
    if step.promised_at is not None and work.now < step.promised_at < later:
        later = step.promised_at
    _told(work, step, later)


def _days_a_rung(work: Work, step: Step) -> int:
    """Working days an owner has: the site's time for getting in touch, or for anything else."""
    first_contact = step.kind is StepKind.FIRST_CONTACT
    return work.site.contact_working_days if first_contact else work.site.rung_working_days


def _safety(work: Work, step: Step, holder: MemberId) -> None:
    if step.reminders >= SAFETY_TIMES:
        climb(work, step)
        return
    waits.tell(work, holder, step)
    _told(work, step, work.now + SAFETY_AGAIN)


def tell_coordinators(work: Work, step: Step) -> None:
    """Tell them that some work has no owner, and again until it has one; of a safety call soon, then every day."""
    for id in with_role(work, Role.COORDINATOR):
        waits.tell(work, id, step)
    if step.kind is not StepKind.SAFETY:
        again = working_days_on(work, None, NOBODY_AGAIN_WORKING_DAYS)
    elif step.reminders < SAFETY_TIMES:
        again = work.now + SAFETY_AGAIN
    else:
        again = working_days_on(work, None, 1)
    _told(work, step, again)


def _in_hours(work: Work, step: Step, holder: MemberId) -> bool:
    """Whether the owner may be told now; otherwise the step is put off to when they may."""
    if not step.reminders and waits.overrides_hours(work, step):
        return True
    opens = when_reachable(work, work.tx.get(Member, holder))
    if opens <= work.now:
        return True
    work.tx.save(replace(step, due_at=opens, lease_until=None))
    return False


def _open_check_in(work: Work, step: Step) -> None:
    check_in = work.tx.get(CheckIn, step.subject) if step.kind is StepKind.CHECK_IN else None
    planned = check_in is not None and check_in.state is CheckInState.PLANNED
    if check_in is not None and planned and check_in.opens_at <= work.now:
        work.tx.save(replace(check_in, state=CheckInState.OPEN))


def _told(work: Work, step: Step, due_at: datetime) -> None:
    reminders = step.reminders + 1
    told = replace(
        step, state=StepState.TOLD, due_at=due_at, reminders=reminders, failures=0, lease_until=None
    )
    work.tx.save(told)


def _subject(work: Work, step: Step) -> Subject | None:
    case = work.tx.get(Case, step.case_id) if step.case_id is not None else None
    return Subject(case.key_id, case.id) if case is not None else None
