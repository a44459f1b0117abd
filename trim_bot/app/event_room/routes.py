"""Planning an event, releasing it, and what somebody finds to read; and the steps that wait for it."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.event_room import (
    briefing_routes,
    handlers,
    own_end_screens,
    own_ends,
    release_screens,
    releasing,
)
from trim_bot.app.event_room.commands import (
    ChooseForPeople,
    ChooseProposed,
    OpenEventRoom,
    OpenEventsToPlan,
    OpenLeftLeaflet,
    OpenRelease,
    ReleaseEvent,
    SetOwnEnd,
)
from trim_bot.app.event_room.seen_by import is_leaflet, may_correct, own_leaflet, plans_event
from trim_bot.app.events.planned import concerns, planned_event, undecided
from trim_bot.app.people.access import ANYONE, LEADS, SERVES
from trim_bot.app.seam.links import OpenOwnEnds
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import Concerned, Next, StepRule, UnitOfWork, Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import IncidentId
from trim_bot.domain.incidents import Exposure
from trim_bot.domain.planned_events import PlannedEvent, PlannedState, PlannedStep
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action, AnyMeasure, RecordRule
from trim_bot.domain.steps import Step

ROUTES: tuple[Route, ...] = (
    page("events_to_plan", OpenEventsToPlan, handlers.open_events, allow=LEADS, reads=True, to_all=True),
    form(
        "event_room",
        OpenEventRoom,
        handlers.open_room,
        ChooseForPeople,
        handlers.choose,
        Action.CHANGED,
        allow=LEADS & plans_event,
        reads=True,
        gather="answers",
    ),
    button(
        "choose_proposed",
        ChooseProposed,
        handlers.choose_proposed,
        Action.CHANGED,
        allow=LEADS & plans_event,
    ),
    form(
        "release_event",
        OpenRelease,
        handlers.open_release,
        ReleaseEvent,
        handlers.release,
        Action.OFFERED,
        allow=LEADS & plans_event,
        reads=True,
    ),
    form(
        "own_end",
        OpenOwnEnds,
        own_ends.open_own_ends,
        SetOwnEnd,
        own_ends.set_own_end,
        Action.CORRECTED,
        allow=SERVES & may_correct,
        reads=True,
    ),
    *briefing_routes.ROUTES,
    page("leaflet_left", OpenLeftLeaflet, handlers.open_leaflet, allow=ANYONE & own_leaflet, reads=True),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "event_released": release_screens.released,
    "own_end_set": own_end_screens.own_end_set,
    **briefing_routes.OUTCOMES,
}


def _room(work: Work, step: Step) -> Next:
    return OpenEventRoom(IncidentId(step.subject))


def _is_planned(work: UnitOfWork, step: Step) -> bool:
    found = planned_event(work, IncidentId(step.subject))
    return found is not None and found.state is PlannedState.PLANNED


def _to_plan(work: UnitOfWork, step: Step) -> bool:
    return _is_planned(work, step) and bool(undecided(work, IncidentId(step.subject)))


def _leaflet(work: Work, step: Step) -> Next:
    exposure = work.tx.get(Exposure, step.subject)
    if exposure is None:
        raise NotOpen("leaflet")
    return OpenLeftLeaflet(exposure.incident_id)


def _is_left(work: UnitOfWork, step: Step) -> bool:
    exposure = work.tx.get(Exposure, step.subject)
    return exposure is not None and is_leaflet(exposure)


def _reader(work: UnitOfWork, step: Step) -> Concerned:
    exposure = work.tx.get(Exposure, step.subject)
    return Concerned(exposure.member_id, (exposure.incident_id,)) if exposure is not None else Concerned()


STEPS: tuple[StepRule, ...] = (
    StepRule(
        PlannedStep.TO_PLAN,
        "An event to plan",
        _room,
        still_wanted=_to_plan,
        concerns=concerns,
        has_cover=False,
        is_the_holders=False,
        working_days=1,
    ),
    StepRule(
        PlannedStep.BY_ITSELF,
        "An event goes out by itself",
        _room,
        still_wanted=_is_planned,
        done_by_clock=releasing.go_by_itself,
        is_the_holders=False,
    ),
    StepRule(
        PlannedStep.LEAFLET,
        "Something to read",
        _leaflet,
        still_wanted=_is_left,
        concerns=_reader,
        once_ended=_leaflet,
        lasts_until=lambda work, step: step.opens_at + POLICY.leaflet_waits,
        has_message=True,
    ),
    *briefing_routes.STEPS,
)

RECORDS: tuple[RecordRule, ...] = (
    RecordRule(PlannedEvent, "planned_event", goes_with=("incident_id",)),
    *briefing_routes.RECORDS,
)
MEASURES: tuple[AnyMeasure, ...] = ()
