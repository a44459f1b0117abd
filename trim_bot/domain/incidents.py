"""Hard events, who was exposed to them, and the voluntary offers that follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from trim_bot.domain.ids import CaseId, IncidentId, KeyId, KindId, MemberId, OfferId


class Directness(Enum):
    """How closely somebody was exposed."""

    DIRECT = "direct"
    """Was there or took part."""
    PERIPHERAL = "peripheral"
    """Was near it, heard it, or was close to those involved."""
    MISTAKEN = "mistaken"
    """Was named by mistake; kept so that taking somebody out looks the same whatever they answered."""


class Chosen(Enum):
    """What was chosen for somebody of an event that is planned first."""

    NOTHING = "nothing"
    """Nothing yet, on purpose."""
    TALK = "talk"
    """An offer of a talk."""
    BRIEFING = "briefing"
    """A group briefing, which has a time and a place."""
    LEAFLET = "leaflet"
    """Something to read, on their page."""


class OfferState(Enum):
    """Where an offer stands; no state is ever a mark against anyone."""

    WAITING = "waiting"
    """Made, and not answered yet."""
    NOT_NOW = "not_now"
    """Put off by the person; may be made once more."""
    ACCEPTED = "accepted"
    """The person said yes."""
    DECLINED = "declined"
    """The person said no."""
    NO_REPLY = "no_reply"
    """The time for answering went by."""
    WITHDRAWN = "withdrawn"
    """Taken back, because it was made by mistake."""


@dataclass(frozen=True, slots=True)
class Incident:
    """A hard event. What kind, when it ended and any account of it are sealed under its own key."""

    id: IncidentId
    key_id: KeyId
    programme: str
    """Id of the programme definition, with its version: `trim_style_v1`."""
    kind: KindId
    ended_at: datetime
    """When the exposure ended, UTC."""
    account: str
    logged_by: MemberId
    logged_at: datetime
    zone: str = ""
    """IANA name of the clock the end was given by; empty means the site's."""


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """What stands open of an incident: enough for a list to be put in order by."""

    id: IncidentId
    logged_at: datetime


@dataclass(frozen=True, slots=True)
class Exposure:
    """One member's exposure to one incident, sealed under the incident's key."""

    id: str
    key_id: KeyId
    incident_id: IncidentId
    member_id: MemberId
    directness: Directness
    name: str = ""
    """As whoever logged it typed it, of somebody without an account: they see what they wrote, and nothing else."""
    phone: str = ""
    """Their number, as whoever logged the event wrote it."""
    best_time: str = ""
    """A good time to ring, as whoever logged the event wrote it."""
    chosen: Chosen | None = None
    """What a lead chose for them, where the event is planned first; None as long as nobody has chosen."""
    ended_at: datetime | None = None
    """When it ended for them, UTC, where that was at another time than for the others; None with the event."""
    sent_at: datetime | None = None
    """When what was chosen went out, UTC; None before, and where the event was not planned."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation to one exposed member."""

    id: OfferId
    key_id: KeyId
    incident_id: IncidentId
    member_id: MemberId
    programme: str
    state: OfferState
    made_at: datetime
    closes_at: datetime
    proposed: MemberId | None = None
    """The practitioner named in the offer, if one is."""
    offered_again: bool = False
    answered_at: datetime | None = None
    case_id: CaseId | None = None
    taken_by: MemberId | None = None
    """Who has taken it on to tell the person, where chat cannot; the row on the call sheet is then theirs alone."""
