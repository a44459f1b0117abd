"""Events that a site plans first: nothing goes out until a lead releases what was chosen, or their time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from trim_bot.domain.ids import IncidentId, PlannedEventId
from trim_bot.domain.steps import AnyStepKind


class PlannedState(Enum):
    """Where the planning of an event stands."""

    PLANNED = "planned"
    """For somebody nothing has gone out yet."""
    RELEASED = "released"
    """All that was chosen has gone out, or the time for choosing is over."""


class PlannedStep(AnyStepKind):
    """What waits about an event that is planned first."""

    TO_PLAN = "event_to_plan"
    """A lead is to choose what each is offered, and release it."""
    BY_ITSELF = "event_by_itself"
    """At its time the clock sends what was chosen, and offers a talk to those directly involved."""
    LEAFLET = "leaflet"
    """Something to read waits on somebody's page. Never climbs the ladder."""
    BRIEFING = "briefing"
    """Somebody may come to a group briefing. Never climbs the ladder."""
    BRIEFING_TO_COME = "briefing_to_come"
    """A group briefing is to be held; once it is over the clock ends this."""
    LEAD_BRIEFING = "lead_briefing"
    """Somebody is to say that they lead a group briefing: once they are asked, and again the day before it."""


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """That an event is planned first, and where that stands. Whom it is about stands with the event, sealed."""

    id: PlannedEventId
    incident_id: IncidentId
    state: PlannedState
    opened_at: datetime
    """When it came to be planned, UTC; again where people were added after the release."""
    released_at: datetime | None = None
    """When the last of it went out, UTC."""
