"""Help that cannot wait, and the step that waits for somebody to say that they have it."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.entitled import holds_case, was_called
from trim_bot.app.cases.routes import holder_of
from trim_bot.app.people.access import SERVES
from trim_bot.app.safety import handlers, screens
from trim_bot.app.safety.commands import AcknowledgeSafety, OpenConcern, OpenSafety, OpenSafetyCall
from trim_bot.app.seam.links import CallForSafety
from trim_bot.app.seam.route import OutcomeScreen, Route, button, page
from trim_bot.app.seam.work import Next, Outcome, StepRule, Work
from trim_bot.domain.ids import CaseId
from trim_bot.domain.records import Action, AnyMeasure, RecordRule
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

ROUTES: tuple[Route, ...] = (
    page("safety", OpenSafety, handlers.open_safety, allow=SERVES & holds_case, reads=True),
    button(
        "safety_call",
        CallForSafety,
        handlers.call,
        Action.SAFETY,
        allow=SERVES & holds_case,
        gather="answers",
    ),
    page("concern", OpenConcern, handlers.open_concern, allow=SERVES, words=("peer concern",), to_all=True),
    page("safety_called", OpenSafetyCall, handlers.open_call, allow=SERVES & was_called, reads=True),
    button("safety_have", AcknowledgeSafety, handlers.acknowledge, Action.SAFETY, allow=SERVES & was_called),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "safety_acknowledged": screens.acknowledged,
    "safety_already": screens.already,
}


def _call(work: Work, step: Step) -> Next:
    case = step.case_id or CaseId("")
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

RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
