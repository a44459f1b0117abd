"""Begins, passes on and ends the steps that wait for somebody, and queues the message that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.app.waiting.hours import told_of_agreed, when_reachable
from trim_bot.app.waiting.ladder import marked, note_left
from trim_bot.app.waiting.steady import hears_daily, last_steady_before, next_steady, outside_steady
from trim_bot.domain.cases import CheckIn
from trim_bot.domain.ids import CaseId, CheckInId, MemberId, OfferId, StepId, new_id
from trim_bot.domain.incidents import Offer
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import (
    OPEN_STATES,
    AnyStepKind,
    OutboxState,
    Outgoing,
    Priority,
    Rung,
    Step,
    StepKind,
    StepState,
)

BY_TIME = (StepKind.CHECK_IN, StepKind.AGREED_TIME)


def begin(
    work: UnitOfWork,
    kind: AnyStepKind,
    subject: str,
    rung: Rung,
    holder: MemberId | None,
    *,
    case: CaseId | None = None,
    opens_at: datetime | None = None,
    promised_at: datetime | None = None,
) -> Step:
    """Start a wait; the clock tells its owner when `opens_at` (UTC, now by default) has come.

    Of a time agreed with the person, the owner may be told a little before. `promised_at` (UTC) is by when the
    person was told it would happen.
    """
    opens = opens_at or work.now
    due = _first_look(work, kind, subject, holder, opens)
    step = Step(
        StepId(new_id()), kind, subject, case, StepState.WAITING, rung, holder, opens, due, promised_at=promised_at
    )  # fmt: skip
    step = marked(work, step)
    work.tx.add(step)
    if due <= work.now:
        work.queued = True
    return step


def open_steps(
    work: UnitOfWork,
    *,
    kind: AnyStepKind | None = None,
    subject: str | None = None,
    case_id: CaseId | None = None,
    holder: MemberId | None = None,
    rung: Rung | None = None,
) -> list[Step]:
    """Steps still waiting that match all that is given, in order of time."""
    asked = {"kind": kind, "subject": subject, "case_id": case_id, "holder": holder, "rung": rung}
    where: dict[str, object] = {name: value for name, value in asked.items() if value is not None}
    return work.tx.find(Step, order_by="due_at", limit=None, state=OPEN_STATES, **where)


def ended(work: UnitOfWork, step: Step, state: StepState) -> Step:
    """A step at its end, which is now."""
    return replace(step, state=state, due_at=work.now, lease_until=None)


def end(
    work: UnitOfWork,
    state: StepState,
    *,
    kind: AnyStepKind | None = None,
    subject: str | None = None,
    case_id: CaseId | None = None,
) -> None:
    """End every step that matches all that is given."""
    for step in open_steps(work, kind=kind, subject=subject, case_id=case_id):
        note_left(work, step)
        work.tx.save(ended(work, step, state))


def pass_to(work: UnitOfWork, step: Step, rung: Rung, holder: MemberId | None) -> Step:
    """Give a step a new owner, who will be told as soon as their hours allow."""
    if rung is not Rung.NOBODY:
        note_left(work, step)
    later = max(work.now, _first_look(work, step.kind, step.subject, holder, step.opens_at))
    moved = replace(
        step,
        state=StepState.WAITING,
        rung=rung,
        holder=holder,
        due_at=later,
        reminders=0,
        failures=0,
        lease_until=None,
    )
    moved = marked(work, moved)
    work.tx.save(moved)
    work.queued = True
    return moved


def tell(
    work: UnitOfWork, member: MemberId, step: Step | None, kind: MessageKind = MessageKind.WAITING
) -> None:
    """Let somebody hear of a step: those who serve at their steady time, others by a message if they are to have one.

    A safety call, and a first contact that cannot wait for the steady time, queue one at once. Whoever has one
    queued already gets no other: whatever waits for somebody at a moment is one message.
    """
    safety = step is not None and step.kind is StepKind.SAFETY
    if not safety and not _is_written_to(work, member, step):
        return
    if _is_queued(work, member, safety=safety):
        return
    work.tx.add(
        Outgoing(
            new_id(), kind.value, member, step.id if step else None, OutboxState.QUEUED, work.now,
            priority=Priority.SAFETY if safety else Priority.STEP,
        )
    )  # fmt: skip
    work.queued = True


def changed(work: Work, member: MemberId | None) -> None:
    """Something of somebody's own has changed by another's act: it waits on their page; a message, if they asked."""
    if member is not None and work.who.id != member:
        tell(work, member, None)


def _is_written_to(work: UnitOfWork, id: MemberId, step: Step | None) -> bool:
    if hears_daily(work, id):
        return outside_steady(work, id, step)
    return wants_message(work, work.tx.get(Member, id), step)


def wants_message(work: UnitOfWork, member: Member | None, step: Step | None) -> bool:
    """Whether somebody who does not serve gets a message for this: a first offer, or what they asked to hear of."""
    if member is not None and member.told_of_changes:
        return True
    if step is not None and work.steps[step.kind].has_message:
        return True
    offer = (
        work.tx.get(Offer, OfferId(step.subject))
        if step is not None and step.kind is StepKind.OFFER
        else None
    )
    return offer is not None and not offer.offered_again


def _is_queued(work: UnitOfWork, id: MemberId, *, safety: bool) -> bool:
    """Whether a message that goes out as soon as this one would is queued; it is then no less urgent than this one."""
    soon = when_reachable(work, work.tx.get(Member, id))
    for one in work.tx.find(Outgoing, member_id=id, state=OutboxState.QUEUED):
        if safety == (one.priority is Priority.SAFETY) and one.due_at <= max(work.now, soon):
            if one.priority is Priority.NOTE:
                work.tx.save(replace(one, priority=Priority.STEP))
            return True
    return False


def has_come(work: UnitOfWork, step: Step) -> bool:
    """Whether the time of a step has come; of one with an agreed time, when no steady message is left before it."""
    if step.opens_at <= work.now:
        return True
    agreed = agreed_time(work, step.kind, step.subject)
    if agreed is None or step.holder is None or not hears_daily(work, step.holder):
        return agreed is not None and step.due_at <= work.now
    return agreed - POLICY.in_good_time < next_steady(work, work.tx.get(Member, step.holder))


def agreed_time(work: UnitOfWork, kind: AnyStepKind, subject: str) -> datetime | None:
    """The time (UTC) that both agreed for the conversation a step is about, or None."""
    check_in = work.tx.get(CheckIn, CheckInId(subject)) if kind in BY_TIME else None
    return check_in.agreed_at if check_in is not None else None


def is_agreed_before(work: UnitOfWork, step: Step, moment: datetime) -> bool:
    """Whether a time was agreed of which its owner has to hear before `moment` (UTC), and it is not long over."""
    agreed = agreed_time(work, step.kind, step.subject)
    return agreed is not None and work.now - POLICY.agreed_time_of_use < agreed < moment + POLICY.in_good_time


def overrides_hours(work: UnitOfWork, step: Step) -> bool:
    """Whether its owner is told of a step outside their hours: a safety call, or a time they agreed themselves."""
    if step.kind is StepKind.SAFETY:
        return True
    agreed = agreed_time(work, step.kind, step.subject)
    return agreed is not None and work.now < agreed + POLICY.agreed_time_of_use


def _first_look(
    work: UnitOfWork, kind: AnyStepKind, subject: str, holder: MemberId | None, opens: datetime
) -> datetime:
    agreed = agreed_time(work, kind, subject)
    if agreed is None or holder is None or not work.now <= opens <= agreed:
        return opens
    if hears_daily(work, holder):
        before = last_steady_before(work, work.tx.get(Member, holder), agreed - POLICY.in_good_time)
        return opens if before is None else min(before, opens)
    return told_of_agreed(work, work.tx.get(Member, holder), opens, agreed)
