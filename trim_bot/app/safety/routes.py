"""Help that cannot wait, and the step that waits for somebody to say that they have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from trim_bot.app.cases import after_call
from trim_bot.app.cases.commands import OpenAssign
from trim_bot.app.cases.entitled import holds_case, was_called
from trim_bot.app.cases.routes import holder_of, is_lost
from trim_bot.app.people.access import SERVES
from trim_bot.app.safety import afterwards, handlers, screens
from trim_bot.app.safety.calling import made_call
from trim_bot.app.safety.commands import (
    AcknowledgeSafety,
    KeepAfterCall,
    OpenConcern,
    OpenSafetyCall,
    TakeBackSafety,
)
from trim_bot.app.seam.links import CallForSafety, KeepAndAskSafety, OpenAfterCall, OpenSafety
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import Next, Outcome, StepRule, UnitOfWork, Work
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import CaseId
from trim_bot.domain.records import Action, AnyMeasure, RecordRule
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

ROUTES: tuple[Route, ...] = (
    page("safety", OpenSafety, handlers.open_safety, allow=SERVES & holds_case, reads=True),
    button(
        "safety_ask",
        KeepAndAskSafety,
        handlers.keep_and_ask,
        Action.HELD,
        allow=SERVES & holds_case,
        gather="answers",
    ),
    button(
        "safety_call",
        CallForSafety,
        handlers.call,
        Action.SAFETY,
        allow=SERVES & holds_case,
        gather="answers",
    ),
    button(
        "safety_mistake",
        TakeBackSafety,
        handlers.take_back,
        Action.TAKEN_BACK,
        allow=SERVES & made_call,
    ),
    form(
        "after_call",
        OpenAfterCall,
        afterwards.open_after,
        KeepAfterCall,
        afterwards.keep_after,
        Action.SAFETY,
        allow=SERVES & holds_case,
        reads=True,
    ),
    page("concern", OpenConcern, handlers.open_concern, allow=SERVES, words=("peer concern",), to_all=True),
    page("safety_called", OpenSafetyCall, handlers.open_call, allow=SERVES & was_called, reads=True),
    button("safety_have", AcknowledgeSafety, handlers.acknowledge, Action.SAFETY, allow=SERVES & was_called),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "safety_acknowledged": screens.acknowledged,
    "safety_already": screens.already,
    "safety_taken_back": screens.taken_back,
}


def _call(work: Work, step: Step) -> Next:
    case = step.case_id or CaseId("")
    holds = step.rung is Rung.NOBODY and holder_of(work, step) == work.who.id
    return OpenSafety(case) if holds else OpenSafetyCall(case)


def _already(work: Work, step: Step) -> Next | None:
    """Whoever was called must not be left to wonder whether anybody has it."""
    match step.state:
        case StepState.DONE:
            return Outcome("safety_already", {"case": step.case_id or ""})
        case StepState.CANCELLED:
            return Outcome("safety_taken_back")
        case StepState.WAITING | StepState.TOLD | StepState.DECLINED | StepState.MOVED:
            return None
        case _:
            assert_never(step.state)


def _owed(work: UnitOfWork, step: Step) -> bool:
    case = work.tx.get(Case, step.case_id) if step.case_id is not None else None
    followed = after_call.last_answered(case) if case is not None else None
    return followed is not None and followed.contact_by is not None


def _after(work: Work, step: Step) -> Next:
    case = step.case_id or CaseId("")
    return OpenAssign(case) if is_lost(work, step) else OpenAfterCall(case)


STEPS = (
    StepRule(
        StepKind.SAFETY,
        "A safety call",
        _call,
        once_ended=_already,
        outlives_case=True,
        despite_passing=True,
    ),
    StepRule(
        StepKind.AFTER_CALL,
        "Somebody to speak with again",
        _after,
        still_wanted=_owed,
        goes_with_case=True,
        despite_passing=True,
        working_days=1,
    ),
)

RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
