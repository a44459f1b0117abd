"""Logging a hard event, putting it right, the offers that follow, and telling people in person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from trim_bot.app.seam.command import Command, Opening
from trim_bot.domain.people import Address


@dataclass(frozen=True, slots=True)
class LogIncident(Command):
    """Log an incident and offer each person exposed a conversation. Day and time are by the clock of the form."""

    kind: str
    ended_on: date
    ended_at: time
    direct: tuple[Address, ...]
    peripheral: tuple[Address, ...]
    unlisted: str = field(repr=False)
    account: str = field(repr=False)
    mine: bool = False
    """Offer to hold as many of the talks as there is room for; without room nobody is asked."""
    elsewhere: tuple[str, ...] = ()
    """Ids of people directly involved whom the list of the logger's own chat cannot show."""
    clock: str = ""
    """Another place's clock, if one was chosen."""


@dataclass(frozen=True, slots=True)
class OpenLogged(Opening):
    """List the incidents one has logged."""


@dataclass(frozen=True, slots=True)
class OpenIncident(Opening):
    """Show the form for putting an incident right."""

    incident: str


@dataclass(frozen=True, slots=True)
class CorrectIncident(Command):
    """Put the time right, add people, or take back offers made by mistake."""

    incident: str
    ended_on: date
    ended_at: time
    more: tuple[Address, ...]
    unlisted: str = field(repr=False)
    take_out: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    """As when logging."""
    clock: str = ""
    """As when logging."""


@dataclass(frozen=True, slots=True)
class OpenOffer(Opening):
    """Show one's own offer."""

    offer: str


@dataclass(frozen=True, slots=True)
class AcceptOffer(Command):
    """Say yes."""

    offer: str


@dataclass(frozen=True, slots=True)
class AcceptWithSomeoneElse(Command):
    """Say yes, but not with the practitioner who was named."""

    offer: str


@dataclass(frozen=True, slots=True)
class PutOffOffer(Command):
    """Say not now."""

    offer: str


@dataclass(frozen=True, slots=True)
class DeclineOffer(Command):
    """Say no."""

    offer: str


@dataclass(frozen=True, slots=True)
class OpenContact(Opening):
    """Show whom to tell in person about an offer, and the form to record what they said."""

    offer: str


@dataclass(frozen=True, slots=True)
class RecordAnswer(Command):
    """Record the answer a person gave in a talk: `yes`, `not_now`, `no` or `not_reached`."""

    offer: str
    answer: str


@dataclass(frozen=True, slots=True)
class OpenCallSheet(Opening):
    """Show the people of an event who are still to be told; name and phone of those one has taken."""

    incident: str


@dataclass(frozen=True, slots=True)
class TakeCall(Command):
    """Take one row: from now on it is one's own alone."""

    offer: str


@dataclass(frozen=True, slots=True)
class TakeCalls(Command):
    """Take the next rows that nobody has, a handful at once."""

    incident: str


@dataclass(frozen=True, slots=True)
class GiveBackCall(Command):
    """Give a row back, without a reason."""

    offer: str


@dataclass(frozen=True, slots=True)
class RecordCall(Command):
    """Record with one press what somebody said: `yes`, `not_now`, `no` or `not_reached`."""

    offer: str
    answer: str


@dataclass(frozen=True, slots=True)
class OpenGiveCalls(Opening):
    """Show those who can be given rows of a call sheet."""

    incident: str


@dataclass(frozen=True, slots=True)
class GiveCalls(Command):
    """Give some of the rows that nobody has to one colleague, who alone sees them then."""

    incident: str
    holder: str
    many: str
