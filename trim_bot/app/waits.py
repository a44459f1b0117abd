"""Begins, passes on and ends the steps that wait for somebody, and queues the message that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app.views import MessageKind
from trim_bot.app.work import Work
from trim_bot.domain.ids import CaseId, MemberId, StepId, new_id
from trim_bot.domain.steps import OPEN_STATES, OutboxState, Outgoing, Rung, Step, StepKind, StepState


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


def open_steps(
    work: Work,
    *,
    kind: StepKind | None = None,
    subject: str | None = None,
    case_id: CaseId | None = None,
    holder: MemberId | None = None,
    rung: Rung | None = None,
) -> list[Step]:
    """Steps still waiting that match all that is given, in order of time."""
    asked = {"kind": kind, "subject": subject, "case_id": case_id, "holder": holder, "rung": rung}
    where: dict[str, object] = {name: value for name, value in asked.items() if value is not None}
    return work.tx.find(Step, order_by="due_at", limit=None, state=OPEN_STATES, **where)


def end(
    work: Work,
    state: StepState,
    *,
    kind: StepKind | None = None,
    subject: str | None = None,
    case_id: CaseId | None = None,
) -> None:
    """End every step that matches all that is given."""
    for step in open_steps(work, kind=kind, subject=subject, case_id=case_id):
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
