"""Group briefings after a hard event: when and where, who leads it, and who was told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from trim_bot.domain.ids import BriefingId, BriefingInviteId, IncidentId, KeyId, MemberId


class BriefingState(Enum):
    """Whether a briefing is to be held."""

    SET = "set"
    """It has a time and a place."""
    CALLED_OFF = "called_off"
    """It is not held."""


class BriefingAnswer(Enum):
    """What somebody noted for themselves; nobody else sees it."""

    YES = "yes"
    """They mean to come."""
    NO = "no"
    """They do not."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """One group briefing of an event: information, and no debriefing. Where it is held is sealed with the event."""

    id: BriefingId
    key_id: KeyId
    incident_id: IncidentId
    state: BriefingState
    held_at: datetime
    """When it begins, UTC."""
    leader: MemberId | None
    """Who leads it; None once they cannot."""
    place: str
    zone: str
    """IANA name of the clock its time was given by."""


@dataclass(frozen=True, slots=True)
class BriefingInvite:
    """That somebody was told of a briefing, sealed under their own key with what they noted for themselves."""

    id: BriefingInviteId
    key_id: KeyId
    briefing_id: BriefingId
    member_id: MemberId
    told_at: datetime
    answer: BriefingAnswer | None = None
