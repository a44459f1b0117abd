"""Begins, passes on and ends the steps that wait for somebody, and queues the message that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app.views import MessageKind
from trim_bot.app.work import Work
from trim_bot.domain.ids import CaseId, MemberId, StepId, new_id
from trim_bot.domain.steps import OPEN_STATES, Outgoing, OutboxState, Rung, Step, StepKind, StepState


def begin(
    work: Work,
    kind: StepKind,
    subject: str,
    rung: Rung,
    holder: MemberId | None,
    *,
    case: CaseId | None = None,
    opens_at: datetime | None = None,
) -> Step:
    """Start a wait; the clock tells its owner when `opens_at` (UTC, now by default) has come."""
    opens = opens_at or work.now
    step = Step(StepId(new_id()), kind, subject, case, StepState.WAITING, rung, holder, opens, opens)
    work.tx.add(step)
    if opens <= work.now:
        work.queued = True
    return step


def open_steps(work: Work, *, kind: StepKind | None = None, **where: object) -> list[Step]:
    """Steps still waiting, by any of their open fields."""
    if kind is not None:
        where["kind"] = kind
    return work.tx.find(Step, state=OPEN_STATES, order_by="due_at", **where)


def end(work: Work, state: StepState, *, kind: StepKind | None = None, **where: object) -> None:
    """End every matching step."""
    for step in open_steps(work, kind=kind, **where):
        work.tx.save(replace(step, state=state, lease_until=None))


def pass_to(work: Work, step: Step, rung: Rung, holder: MemberId | None) -> Step:
    """Give a step a new owner, who will be told as soon as their hours allow."""
    later = max(work.now, step.opens_at)
    moved = replace(
        step, state=StepState.WAITING, rung=rung, holder=holder, due_at=later, reminders=0, lease_until=None
    )
    work.tx.save(moved)
    work.queued = True
    return moved


def tell(work: Work, member: MemberId, step: Step | None, kind: MessageKind = MessageKind.WAITING) -> None:
    """Queue one message; whether it is still wanted is decided when it is sent."""
    work.tx.add(
        Outgoing(new_id(), kind.value, member, step.id if step else None, OutboxState.QUEUED, work.now)
    )
    work.queued = True
