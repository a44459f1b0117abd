"""Planning an event: choosing for each person, releasing it, and what somebody finds to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening
from trim_bot.domain.ids import IncidentId, MemberId, PlaceId


@dataclass(frozen=True, slots=True)
class OpenEventsToPlan(Opening):
    """List the events that wait to be planned, from a place in the list on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenEventRoom(Opening):
    """Show the people of an event with what is chosen for each, from a place on; `seen` is a digest of how it stood."""

    incident: IncidentId
    after: ListPlace = FIRST
    seen: str = ""


@dataclass(frozen=True, slots=True)
class ChooseForPeople(Command):
    """Keep what is chosen for the people on one page; nothing goes out by it."""

    incident: IncidentId
    after: ListPlace = FIRST
    seen: str = ""
    answers: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ChooseProposed(Command):
    """Choose what is proposed, for everybody for whom nothing was chosen."""

    incident: IncidentId


@dataclass(frozen=True, slots=True)
class OpenRelease(Opening):
    """Show what would go out, and who could hold the talks; `seen` is a digest of what was looked at."""

    incident: IncidentId
    seen: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseEvent(Command):
    """Let what is chosen go out."""

    incident: IncidentId
    seen: str = ""
    holders: tuple[MemberId, ...] = ()
    """Those who could hold the talks; each offer names one of them whom nothing stands in the way of."""


@dataclass(frozen=True, slots=True)
class SetOwnEnd(Command):
    """Put down when an event ended for some of its people. Day and time are by the clock of the form."""

    incident: IncidentId
    people: tuple[MemberId, ...]
    ended_on: date
    ended_at: time
    clock: PlaceId | None = None
    """Another place's clock, if one was chosen."""


@dataclass(frozen=True, slots=True)
class OpenLeftLeaflet(Opening):
    """Show what was left for whoever asks to read after an event."""

    incident: IncidentId
