"""What waits after a call for safety: somebody to say that they have it."""

from __future__ import annotations

from trim_bot.app.cases.steps import holder_of
from trim_bot.app.safety.commands import OpenSafety, OpenSafetyCall
from trim_bot.app.seam.work import Next, Outcome, StepRule, Work
from trim_bot.domain.steps import Rung, Step, StepKind, StepState


def _call(work: Work, step: Step) -> Next:
    case = step.case_id or ""
    holds = step.rung is Rung.NOBODY and holder_of(work, step) == work.who.id
    return OpenSafety(case) if holds else OpenSafetyCall(case)


def _already(work: Work, step: Step) -> Next | None:
    """Whoever was called must not be left to wonder whether anybody has it."""
    done = step.state is StepState.DONE
    return Outcome("safety_already", {"case": step.case_id or ""}) if done else None


STEPS = (
    StepRule(
        StepKind.SAFETY,
        "A safety call",
        _call,
        once_ended=_already,
        outlives_case=True,
        despite_passing=True,
    ),
)
