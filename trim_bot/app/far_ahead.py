"""Brings back to now whatever a clock that ran ahead for a while has put off too far."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trim_bot.app import waits
from trim_bot.app.work import Work
from trim_bot.domain.steps import OutboxState, Outgoing, Rung, Step, StepKind, StepState

LONGEST = timedelta(days=45)
"""No next look at a step lies further ahead: ten working days a rung, with holidays and leave."""
LONGEST_SAFETY = timedelta(days=8)
"""The same for a safety call, which is looked at again on the next working day at the latest."""
LONGEST_MESSAGE = timedelta(days=14)
"""A message that waits longer than this for its receiver's hours is decided on again; it may wait on."""


def too_far(work: Work) -> list[Step | Outgoing]:
    """All that the clock would look at far too late.

    What waits for its own time (`opens_at`) is right where it is, and so is an offer that waits for its answer.
    """
    steps = [step for step in waits.open_steps(work) if _too_far(work, step)]
    queued = work.tx.find(Outgoing, state=OutboxState.QUEUED)
    return [*steps, *(one for one in queued if one.due_at > work.now + LONGEST_MESSAGE)]


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
    longest = LONGEST_SAFETY if step.kind is StepKind.SAFETY else LONGEST
    return step.due_at > max(work.now, step.opens_at) + longest
