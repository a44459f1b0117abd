"""What the clock does with a step whose time has come: tell its owner, remind, climb, or let it end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from trim_bot.app.people.eligible import conflict_free, with_role
from trim_bot.app.seam.work import Concerned, Subject, UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.hours import when_reachable, working_days_on
from trim_bot.app.waiting.in_time import comes_too_late, limits
from trim_bot.app.waiting.ladder import (
    concerned,
    manages_concerned,
    next_owner,
    note_left,
    passes_over,
    pool,
    reachable,
    who_is_reachable,
    who_missed,
)
from trim_bot.app.waiting.steady import hears_daily, next_steady
from trim_bot.app.waiting.telling import told
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.ids import CheckInId, MemberId, OfferId, StepId
from trim_bot.domain.incidents import Incident, Offer, OfferState
from trim_bot.domain.people import Member, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action, Measure
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState


def look_at(work: UnitOfWork, id: StepId) -> bool:
    """Move one due step on. Everything is read afresh, so a step that moved meanwhile is left alone."""
    step = work.tx.get(Step, id)
    if step is None or step.state not in OPEN_STATES or step.due_at > work.now:
        return False
    if not _still_wanted(work, step):
        note_left(work, step)
        work.tx.save(waits.ended(work, step, StepState.CANCELLED))
        return True
    carry_out = work.steps[step.kind].done_by_clock
    if carry_out is not None:
        work.tx.save(waits.ended(work, step, StepState.DONE))
        carry_out(work, step)
        return True
    match step.rung:
        case Rung.PERSON:
            _person(work, step)
        case Rung.POOL:
            _pool(work, step)
        case Rung.ASSIGNED | Rung.COVER | Rung.LEAD | Rung.DEPUTY:
            _owner(work, step)
        case Rung.NOBODY:
            _nobody(work, step)
        case _:
            assert_never(step.rung)
    return True


def climb(work: UnitOfWork, step: Step) -> None:
    """Give a step to the next rung that has somebody on it, and count it when nobody is left."""
    rung, holder = next_owner(work, step)
    work.journal(Action.CLIMBED, step.kind.value, _subject(work, step))
    waits.pass_to(work, step, rung, holder)
    if rung is Rung.NOBODY:
        count_no_owner(work)


def count_no_owner(work: UnitOfWork) -> None:
    """Count a step that has reached the end of the ladder, whatever it is about."""
    work.tx.count(Measure.NO_OWNER, work.now.astimezone(work.zone_of(None)).date())


def _still_wanted(work: UnitOfWork, step: Step) -> bool:
    rule = work.steps[step.kind]
    if step.case_id is not None:
        case = work.tx.get(Case, step.case_id)
        if case is None or (case.state is not CaseState.OPEN and not rule.outlives_case):
            return False
    return rule.still_wanted(work, step)


def _person(work: UnitOfWork, step: Step) -> None:
    """Tell the person once, in their hours; when their time has gone by, let it rest without a mark."""
    offer = work.tx.get(Offer, OfferId(step.subject)) if step.kind is StepKind.OFFER else None
    if step.state is StepState.TOLD:
        if offer is not None and offer.state is OfferState.WAITING:
            work.tx.save(replace(offer, state=OfferState.NO_REPLY))
        work.tx.save(waits.ended(work, step, StepState.CANCELLED))
        return
    member = work.tx.get(Member, step.holder) if step.holder is not None else None
    if member is None:
        return
    if offer is not None and offer.state is OfferState.NOT_NOW:
        work.tx.save(replace(offer, state=OfferState.WAITING))
    daily = hears_daily(work, member.id)
    if member.left and offer is not None and not offer.offered_again:
        # As where a chat turns every message away: whoever has left gets none, and no page opens for them.
        reach_in_person(work, step)
    if member.left or member.messages_stopped or not (daily or waits.wants_message(work, member, step)):
        # It waits on their page, and rides on the next note that everybody gets.
        told(work, step)
        return
    # The message for an offer is queued with it, and goes out in their hours whatever they have answered by then:
    # one that did not come would say that they had.
    if not daily and offer is None and not waits.overrides_hours(work, step):
        opens = when_reachable(work, member)
        if opens > work.now:
            _look_again(work, step, opens)
            return
    waits.tell(work, member.id, step)
    _look_again(work, step, _after_steady(work, member.id) if daily else work.now + POLICY.look_again)


def reach_in_person(work: UnitOfWork, step: Step) -> None:
    """An offer that cannot be made by message is made in person; nothing else is wanted of a person so much."""
    if step.kind is StepKind.OFFER and not waits.open_steps(
        work, kind=StepKind.CONTACT, subject=step.subject
    ):
        contact_in_person(work, step.subject)


def contact_in_person(work: UnitOfWork, offer_id: str) -> None:
    """Ask the practitioner who logged the incident to tell somebody in person.

    Never somebody they manage, nor of an event they were part of themselves.
    """
    offer = work.tx.get(Offer, OfferId(offer_id))
    incident = work.tx.get(Incident, offer.incident_id) if offer is not None else None
    if offer is not None and incident is not None:
        step = waits.begin(work, StepKind.CONTACT, offer.id, Rung.ASSIGNED, incident.logged_by)
        if not conflict_free(work, incident.logged_by, Concerned(offer.member_id, (incident.id,))):
            climb(work, step)


def _pool(work: UnitOfWork, step: Step) -> None:
    """A random few of those who may take it hear of it in their message of the day; unanswered, it climbs."""
    if step.state is StepState.TOLD:
        climb(work, step)
        return
    able = who_is_reachable(work, pool(work, step))
    if not able:
        climb(work, step)
        return
    _look_again(work, step, min(_after_steady(work, id) for id in able))


def _owner(work: UnitOfWork, step: Step) -> None:
    """Let the owner hear of it, and climb when their time has gone by since they did.

    As long as no message has gone out to them the step stays with them: a platform that is away is not their fault.
    Owners who are away, unreachable or manage the person are passed over at once, and so are those who are next at
    work too late, where somebody else is not.
    """
    urgent = step.kind is StepKind.SAFETY
    unable = step.holder is None or not reachable(work, step.holder, ignoring_leave=urgent)
    if step.holder is None or unable or manages_concerned(work, step.holder, step):
        climb(work, step)
        return
    if urgent:
        _safety(work, step, step.holder)
        return
    if step.state is StepState.TOLD or passes_over(work, step):
        climb(work, step)
        return
    _open_check_in(work, step)
    waits.tell(work, step.holder, step)
    _look_again(work, step, min([_after_steady(work, step.holder), *limits(work, step)[-1:]]))


def _nobody(work: UnitOfWork, step: Step) -> None:
    """Give it to whoever leads and was away all the while, once they are back; until then it waits."""
    # Of a call for safety they heard whatever their leave and hours were.
    missed = who_missed(work, step) if step.kind is not StepKind.SAFETY else []
    for rung, id in missed:
        if reachable(work, id) and not comes_too_late(work, replace(step, rung=rung, holder=id)):
            work.journal(Action.CLIMBED, step.kind.value, _subject(work, step))
            waits.pass_to(work, step, rung, id)
            return
    back = [when_reachable(work, work.tx.get(Member, id)) for _, id in missed]
    tell_leads(work, step, min((at for at in back if at > work.now), default=None))


def _safety(work: UnitOfWork, step: Step, holder: MemberId) -> None:
    if step.reminders >= POLICY.safety_times:
        climb(work, step)
        return
    waits.tell(work, holder, step)
    _look_again(work, step, work.now + POLICY.safety_again)


def _after_steady(work: UnitOfWork, id: MemberId) -> datetime:
    return next_steady(work, work.tx.get(Member, id)) + POLICY.look_again


def _look_again(work: UnitOfWork, step: Step, at: datetime) -> None:
    """Leave a step as it is, untold as long as no message has gone out, and look at it again."""
    work.tx.save(replace(step, due_at=at, failures=0, lease_until=None))


def tell_leads(work: UnitOfWork, step: Step, back: datetime | None = None) -> None:
    """Look again at what stands at the end of the ladder; of a safety call every lead hears, soon, then every day.

    `back` is when somebody who may own it is at work again (UTC): then it is looked at, if not before.

    Everything else is first on their board, and they hear daily. Coordinators are told of nothing: a message that
    comes when work lies open would say that it does.
    """
    if step.kind is not StepKind.SAFETY:
        again = working_days_on(work, None, POLICY.nobody_again_working_days)
        told(work, step, min(again, back or again))
        return
    person = concerned(work, step).person
    leads = [id for id in with_role(work, Role.LEAD, Role.DEPUTY) if id != person]
    able = [id for id in leads if not manages_concerned(work, id, step)]
    for id in able:
        waits.tell(work, id, step)
    if not able:
        # Whoever leads next is to hear of it soon, however long that takes.
        _look_again(work, step, work.now + POLICY.safety_again)
        return
    often = step.reminders < POLICY.safety_times
    told(work, step, work.now + POLICY.safety_again if often else working_days_on(work, None, 1))


def _open_check_in(work: UnitOfWork, step: Step) -> None:
    check_in = work.tx.get(CheckIn, CheckInId(step.subject)) if step.kind is StepKind.CHECK_IN else None
    planned = check_in is not None and check_in.state is CheckInState.PLANNED
    if check_in is not None and planned and check_in.opens_at <= work.now:
        work.tx.save(replace(check_in, state=CheckInState.OPEN))


def _subject(work: UnitOfWork, step: Step) -> Subject | None:
    case = work.tx.get(Case, step.case_id) if step.case_id is not None else None
    return Subject(case.key_id, case.id) if case is not None else None
