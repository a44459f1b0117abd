"""Logging a hard event, putting it right, the offers that follow, and telling people in person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import Enum

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening
from trim_bot.domain.ids import IncidentId, KindId, MemberId, OfferId, PlaceId
from trim_bot.domain.people import Address


class OfferAnswer(Enum):
    """What somebody said to an offer, when they were told of it in person."""

    NO = "no"
    """They do not want it."""
    NOT_NOW = "not_now"
    """Later perhaps; asked once more at most."""
    YES = "yes"
    """They want it."""
    NOT_REACHED = "not_reached"
    """Nobody has spoken with them yet."""


@dataclass(frozen=True, slots=True)
class LogIncident(Command):
    """Log an incident and offer each person exposed a conversation. Day and time are by the clock of the form."""

    kind: KindId
    ended_on: date
    ended_at: time
    direct: tuple[Address, ...]
    peripheral: tuple[Address, ...]
    unlisted: str = field(repr=False)
    account: str = field(repr=False)
    mine: bool = False
    """Offer to hold as many of the talks as there is room for; without room nobody is asked."""
    elsewhere: tuple[MemberId, ...] = ()
    """Ids of people directly involved whom the list of the logger's own chat cannot show."""
    clock: PlaceId | None = None
    """Another place's clock, if one was chosen."""
    checked: str = ""
    """Digest of the people whom the asker has seen listed, where there are many; empty before."""


@dataclass(frozen=True, slots=True)
class OpenLogged(Opening):
    """List the incidents one has logged, from a place in the list on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenIncident(Opening):
    """Show the form for putting an incident right."""

    incident: IncidentId


@dataclass(frozen=True, slots=True)
class CorrectIncident(Command):
    """Put the time right, add people, or take back offers made by mistake."""

    incident: IncidentId
    ended_on: date
    ended_at: time
    more: tuple[Address, ...]
    unlisted: str = field(repr=False)
    take_out: tuple[MemberId, ...] = ()
    elsewhere: tuple[MemberId, ...] = ()
    """Ids of people whom the list of the asker's own chat cannot show."""
    clock: PlaceId | None = None
    """Whose clock the time is read by; None for the site's own."""


@dataclass(frozen=True, slots=True)
class OpenOffer(Opening):
    """Show one's own offer."""

    offer: OfferId


@dataclass(frozen=True, slots=True)
class AcceptOffer(Command):
    """Say yes to an offer of talks."""

    offer: OfferId


@dataclass(frozen=True, slots=True)
class AcceptWithSomeoneElse(Command):
    """Say yes, but not with the practitioner who was named."""

    offer: OfferId


@dataclass(frozen=True, slots=True)
class PutOffOffer(Command):
    """Say not now."""

    offer: OfferId


@dataclass(frozen=True, slots=True)
class DeclineOffer(Command):
    """Say no to an offer of talks."""

    offer: OfferId


@dataclass(frozen=True, slots=True)
class OpenContact(Opening):
    """Show whom to tell in person about an offer, and the form to record what they said."""

    offer: OfferId


@dataclass(frozen=True, slots=True)
class RecordAnswer(Command):
    """Record the answer a person gave in a talk."""

    offer: OfferId
    answer: OfferAnswer


@dataclass(frozen=True, slots=True)
class OpenCallSheet(Opening):
    """Show the people of an event who are still to be told, from a place on; name and phone of those one has taken."""

    incident: IncidentId
    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenFindCall(Opening):
    """Show the form for finding one of the people of an event who are still to be told."""

    incident: IncidentId


@dataclass(frozen=True, slots=True)
class FindCall(Command):
    """Show those who are still to be told, whose name the asker may see, and has these letters in it."""

    incident: IncidentId
    typed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TakeCall(Command):
    """Take one row: from now on it is one's own alone."""

    offer: OfferId


@dataclass(frozen=True, slots=True)
class TakeCalls(Command):
    """Take the next rows that nobody has, a handful at once."""

    incident: IncidentId


@dataclass(frozen=True, slots=True)
class GiveBackCall(Command):
    """Give a row back, without a reason."""

    offer: OfferId


@dataclass(frozen=True, slots=True)
class RecordCall(Command):
    """Record with one press what somebody said."""

    offer: OfferId
    answer: OfferAnswer


@dataclass(frozen=True, slots=True)
class OpenGiveCalls(Opening):
    """Show those who can be given rows of a call sheet."""

    incident: IncidentId


@dataclass(frozen=True, slots=True)
class GiveCalls(Command):
    """Give some of the rows that nobody has to one colleague, who alone sees them then."""

    incident: IncidentId
    holder: MemberId
    many: str
