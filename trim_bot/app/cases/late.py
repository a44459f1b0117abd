"""When what somebody holds should have happened by now."""

from __future__ import annotations

from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import CheckIn
from trim_bot.domain.steps import Step, StepKind, StepState


def is_late(work: Work, step: Step) -> bool:
    """Whether what is somebody's own should have happened by now: passed on, past its window, or past what was said."""
    passed_on = step.holder != work.who.id
    reminded = step.state is StepState.TOLD and step.due_at <= work.now
    if passed_on or reminded or (step.promised_at is not None and step.promised_at < work.now):
        return True
    check_in = work.tx.get(CheckIn, step.subject) if step.kind is StepKind.CHECK_IN else None
    return check_in is not None and check_in.closes_at < work.now
