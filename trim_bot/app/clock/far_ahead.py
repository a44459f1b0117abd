"""Brings back to now whatever a clock that ran ahead for a while has put off too far."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import LOOK_AGAIN, NOBODY_AGAIN_WORKING_DAYS
from trim_bot.app.waiting.hours import when_reachable, working_days_on
from trim_bot.app.waiting.ladder import pool, reachable
from trim_bot.app.waiting.steady import next_steady
from trim_bot.app.waiting.telling import has_until
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Member
from trim_bot.domain.steps import OutboxState, Outgoing, Priority, Rung, Step, StepKind, StepState

LONGEST_REST = timedelta(days=12)
"""With twice the working days of a rung, what is never too far for a step its owner was told of: weekends, holidays."""
LONGEST_UNTOLD = timedelta(days=4)
"""Whoever was not told yet is looked at again after this: a long weekend; somebody on leave is put off again."""
LONGEST_SAFETY = timedelta(days=4)
"""The same for a safety call, which is looked at again on the next working day at the latest."""
CHANGES = timedelta(days=1)
"""By how much later than the time an owner would be given now a next look may stand: hours and leave change."""
STEADY = MessageKind.STEADY.value
LONGEST_NOTE = timedelta(days=14)
"""A note that waits longer than this for its receiver's hours is decided on again; it may wait on."""


def too_far(work: Work) -> list[Step | Outgoing]:
    """All that the clock would look at far too late.

    What waits for its own time (`opens_at`) is right where it is, and so is an offer that waits for its answer.
    Steady messages are kept at their moment by `steady.keep_going`, which may be a week of days off ahead.
    """
    steps = [step for step in waits.open_steps(work) if _too_far(work, step)]
    queued = [one for one in work.tx.find(Outgoing, state=OutboxState.QUEUED) if _waits_too_long(work, one)]
    return [*steps, *queued]


def bring_back(work: Work) -> int:
    """Let the clock look at all of it again, now; returns how many there were."""
    found = too_far(work)
    for one in found:
        opens = one.opens_at if isinstance(one, Step) else work.now
        work.tx.save(replace(one, due_at=max(work.now, opens), lease_until=None))
    return len(found)


def _too_far(work: Work, step: Step) -> bool:
    if step.rung is Rung.PERSON and step.state is StepState.TOLD:
        return False
    if step.due_at <= max(work.now, step.opens_at) + _never_too_long(work, step):
        return False
    # Whoever was told a while ago was given no more than they would be now: a day a week may make it long. Whoever was
    # not is looked at again after their days off, however many.
    told = step.state is not StepState.WAITING or step.kind is StepKind.SAFETY
    return step.due_at > (_if_told_now(work, step) if told else _if_not(work, step)) + CHANGES


def _waits_too_long(work: Work, message: Outgoing) -> bool:
    if message.kind == STEADY or message.due_at <= work.now + _longest_wait(message):
        return False
    return message.due_at > when_reachable(work, work.tx.get(Member, message.member_id)) + CHANGES


def _never_too_long(work: Work, step: Step) -> timedelta:
    if step.kind is StepKind.SAFETY:
        return LONGEST_SAFETY
    if step.state is StepState.WAITING:
        return LONGEST_UNTOLD
    return LONGEST_REST + timedelta(days=2 * max(work.site.rung_working_days, NOBODY_AGAIN_WORKING_DAYS))


def _if_not(work: Work, step: Step) -> datetime:
    """When a step is looked at again at the latest of which whoever is to have it cannot be told now."""
    asked = [step.holder] if step.holder is not None else []
    if step.rung is Rung.POOL:
        asked = [id for id in pool(work, step) if reachable(work, id)]
    return min((_can_hear(work, work.tx.get(Member, id)) for id in asked), default=_can_hear(work, None))


def _can_hear(work: Work, member: Member | None) -> datetime:
    return max(next_steady(work, member), when_reachable(work, member)) + LOOK_AGAIN


def _if_told_now(work: Work, step: Step) -> datetime:
    if step.rung is not Rung.NOBODY:
        return has_until(work, step)
    return working_days_on(work, None, 1 if step.kind is StepKind.SAFETY else NOBODY_AGAIN_WORKING_DAYS)


def _longest_wait(message: Outgoing) -> timedelta:
    return LONGEST_NOTE if message.priority is Priority.NOTE else LONGEST_UNTOLD
