"""What a coordinator asked of all the work of somebody: kept as a step of theirs, which says nothing of any work.

It is the same step whether they have work or not. The clock carries it out when its time has come
(`trim_bot.app.handover.reassignment`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import MemberId, StepId, new_id
from trim_bot.domain.steps import OPEN_STATES, AnyStepKind, Rung, Step, StepState


class WorkStep(AnyStepKind):
    """What waits about all that somebody has in their hands."""

    MOVE_WORK = "move_work"
    """All of it goes to somebody else, or up the ladder; the step names who has it, and as its subject who is next."""


def ask_move(tx: Tx, whose: MemberId, to: MemberId | None, begins: datetime, now: datetime) -> None:
    """From `begins` (UTC) on all work of one is to go to the other, or up the ladder; what was asked before is not."""
    leave_work(tx, whose, now)
    subject = whose if to is None else to
    tx.add(
        Step(
            StepId(new_id()), WorkStep.MOVE_WORK, subject, None, StepState.WAITING, Rung.PERSON, whose, begins, begins
        )
    )  # fmt: skip


def leave_work(tx: Tx, whose: MemberId, now: datetime) -> None:
    """Take back what was asked of somebody's work and has not begun."""
    for step in _asked(tx, whose):
        tx.save(replace(step, state=StepState.CANCELLED, due_at=now, lease_until=None))


def coming_move(tx: Tx, whose: MemberId) -> tuple[MemberId | None, datetime] | None:
    """Who is next to have all of somebody's work, None for whoever the ladder names, and from when on (UTC)."""
    return next(((next_holder(step), step.opens_at) for step in _asked(tx, whose)), None)


def next_holder(step: Step) -> MemberId | None:
    """Who is to have it; None for whoever the ladder names."""
    return None if step.subject == step.holder else MemberId(step.subject)


def _asked(tx: Tx, whose: MemberId) -> list[Step]:
    return tx.find(Step, kind=WorkStep.MOVE_WORK, holder=whose, state=OPEN_STATES)
