"""Setting a group briefing, leading it, and noting for oneself whether one comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from trim_bot.app.seam.command import Command, Opening
from trim_bot.domain.briefings import BriefingAnswer
from trim_bot.domain.ids import BriefingId, IncidentId, MemberId, PlaceId


@dataclass(frozen=True, slots=True)
class OpenSetBriefing(Opening):
    """Show the form for the group briefing of an event."""

    incident: IncidentId


@dataclass(frozen=True, slots=True)
class SetBriefing(Command):
    """Put down when and where it is held, and who is asked to lead it. The time is by the clock of the form."""

    incident: IncidentId
    held_on: date
    held_at: time
    leader: MemberId
    where: str = field(repr=False)
    clock: PlaceId | None = None
    """Another place's clock, if one was chosen."""


@dataclass(frozen=True, slots=True)
class CallOffBriefing(Command):
    """Say that it is not held."""

    incident: IncidentId


@dataclass(frozen=True, slots=True)
class OpenBriefing(Opening):
    """Show somebody the briefing that they were told of."""

    briefing: BriefingId


@dataclass(frozen=True, slots=True)
class NoteBriefing(Command):
    """Note for oneself whether one means to come."""

    briefing: BriefingId
    answer: BriefingAnswer


@dataclass(frozen=True, slots=True)
class OpenLeadBriefing(Opening):
    """Show a briefing to whoever leads it, or is asked to."""

    briefing: BriefingId


@dataclass(frozen=True, slots=True)
class AgreeToLead(Command):
    """Say that one leads it."""

    briefing: BriefingId


@dataclass(frozen=True, slots=True)
class CannotLead(Command):
    """Say that one cannot lead it, without a reason."""

    briefing: BriefingId
