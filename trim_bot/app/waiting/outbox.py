"""What becomes of a queued message: sent, put off, put back, or given up aloud so that its step goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trim_bot.app.people.meeting import note_welcomed
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.delivery import about_digest, digest, still_ours
from trim_bot.app.waiting.due import climb, reach_in_person
from trim_bot.app.waiting.hours import when_reachable
from trim_bot.app.waiting.steady import next_steady, queue_next
from trim_bot.app.waiting.telling import mark_told, told, untold
from trim_bot.app.waiting.tried_chats import tested
from trim_bot.domain.ids import MessageHandle
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Member
from trim_bot.domain.records import Action, NoteSent
from trim_bot.domain.steps import (
    OPEN_STATES,
    OutboxState,
    Outgoing,
    Priority,
    Rung,
    Step,
    StepKind,
    StepState,
)

MOST_ATTEMPTS = 12
"""Tries that went wrong for no reason of the platform's, after which it goes on in another way."""
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
"""No message is held back for longer at a time; a lease that stands further ahead is free."""
LONGEST_SAFETY_WAIT = timedelta(seconds=30)


def mark_sent(work: Work, outgoing: Outgoing, handle: MessageHandle) -> None:
    """The platform took it, so it is sent whoever has the lease by now; `handle` is what its buttons carry.

    From now on its receiver has been told of all that waits for them, and what else was queued for this moment
    is sent with it. Without a handle it waits on their page; a call for safety has reached nobody there.
    """
    now = work.tx.get(Outgoing, outgoing.id)
    if now is None or now.state is not OutboxState.QUEUED:
        return
    _sent(work, now, handle)
    member = work.tx.get(Member, now.member_id)
    if member is None:
        return
    safety = now.priority is Priority.SAFETY
    step = work.tx.get(Step, now.step_id) if now.step_id else None
    if step is not None and step.rung is Rung.PERSON and step.state is StepState.WAITING:
        told(work, step)
    if safety and not handle:
        # On a page alone a call reaches nobody who does not look: after a few looks it goes on to somebody else.
        _looked_in_vain(work, member)
    mark_told(work, member, safety=safety and bool(handle))
    for other in work.tx.find(Outgoing, member_id=member.id, state=OutboxState.QUEUED):
        # A test message is told by no other: it is to find out whether its own chat takes one.
        tests = other.kind == MessageKind.TEST.value
        if not tests and other.due_at <= work.now and (safety or other.priority is not Priority.SAFETY):
            _sent(work, other, MessageHandle(""))


def _looked_in_vain(work: Work, member: Member) -> None:
    for step in waits.open_steps(work, kind=StepKind.SAFETY, holder=member.id):
        work.tx.save(replace(step, reminders=step.reminders + 1))


def _sent(work: Work, outgoing: Outgoing, handle: MessageHandle) -> None:
    work.tx.save(_kept(work, outgoing, handle))
    if outgoing.kind == MessageKind.WELCOME.value:
        note_welcomed(work.tx, outgoing.member_id)
    if outgoing.kind == MessageKind.STEADY.value:
        queue_next(work, outgoing.member_id)
    if outgoing.kind == MessageKind.TEST.value and handle:
        # That its chat takes messages is known for good; the message itself is forgotten with the others.
        note = tested(outgoing.about)
        work.tx.drop(NoteSent, note)
        work.tx.add(NoteSent(note, work.now))


def _kept(work: Work, sent: Outgoing, handle: MessageHandle) -> Outgoing:
    """A sent message as it is kept: found again by whoever it was for, with what its buttons carry."""
    if not handle:
        return sent.come_to_its_end(OutboxState.SENT, work.now)
    about = about_digest(work, sent.step_id, handle) if sent.step_id else ""
    return sent.come_to_its_end(OutboxState.SENT, work.now, digest(work, sent.member_id, handle), about)


def mark_only(work: Work, outgoing: Outgoing, handle: MessageHandle) -> None:
    """The platform took it; what follows from that failed, and its steps are looked at again by the clock."""
    now = work.tx.get(Outgoing, outgoing.id)
    if now is not None and now.state is OutboxState.QUEUED:
        work.tx.save(_kept(work, now, handle))


def mark_dropped(work: Work, outgoing: Outgoing) -> None:
    """It was not wanted any more."""
    _end(work, outgoing, OutboxState.DROPPED)


def put_off(work: Work, outgoing: Outgoing) -> None:
    """Wait until its receiver is at work."""
    member = work.tx.get(Member, outgoing.member_id)
    steady = outgoing.kind == MessageKind.STEADY.value
    now = still_ours(work, outgoing)
    if now is not None:
        due_at = next_steady(work, member) if steady else when_reachable(work, member)
        work.tx.save(replace(now, due_at=due_at, lease_until=None))


def let_be_the_next(work: Work, outgoing: Outgoing) -> None:
    """A late message of the day waits for the next moment, once: it counts as a try."""
    now = still_ours(work, outgoing)
    if now is not None:
        due_at = next_steady(work, work.tx.get(Member, outgoing.member_id))
        work.tx.save(replace(now, due_at=due_at, attempts=now.attempts + 1, lease_until=None))


def put_back(work: Work, outgoing: Outgoing, wait: timedelta) -> None:
    """The platform is away, which is nobody's fault: try again after `wait` of real time. No attempt is spent."""
    now = still_ours(work, outgoing)
    if now is not None:
        work.tx.save(replace(now, lease_until=work.real + min(max(wait, FIRST_WAIT), LONGEST_WAIT)))


def mark_failed(work: Work, outgoing: Outgoing, *, for_good: bool) -> None:
    """Try again later, in real time; or give up, and let what waits for its receiver go on in another way."""
    if still_ours(work, outgoing) is None:
        return
    attempts = outgoing.attempts + 1
    if for_good or attempts >= MOST_ATTEMPTS:
        dead = replace(outgoing, attempts=attempts)
        work.tx.save(dead.come_to_its_end(OutboxState.DEAD, work.now))
        work.journal(Action.NOTIFIED, "given_up")
        _go_on(work, outgoing)
        return
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1))
    work.tx.save(replace(outgoing, attempts=attempts, lease_until=work.real + wait))


def bury(work: Work, outgoing: Outgoing) -> None:
    """Give up without going on in another way, where that fails too; its step has a clock of its own."""
    _end(work, outgoing, OutboxState.DEAD)


def _end(work: Work, outgoing: Outgoing, state: OutboxState) -> None:
    now = still_ours(work, outgoing)
    if now is not None:
        work.tx.save(now.come_to_its_end(state, work.now))


def _go_on(work: Work, outgoing: Outgoing) -> None:
    """Nobody there can be written to: offers are made in person, and what they own climbs."""
    member = work.tx.get(Member, outgoing.member_id)
    if member is None:
        return
    if outgoing.kind == MessageKind.STEADY.value:
        queue_next(work, member.id)
    waiting = {step.id: step for step in untold(work, member, safety=outgoing.priority is Priority.SAFETY)}
    step = work.tx.get(Step, outgoing.step_id) if outgoing.step_id else None
    if step is not None and step.state in OPEN_STATES:
        waiting[step.id] = step
    for one in waiting.values():
        if one.rung is Rung.PERSON:
            reach_in_person(work, one)
            told(work, one)
        elif one.holder == member.id:
            climb(work, one)
