"""Logging a hard event, putting it right, and the offers that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from trim_bot.domain.people import Address


@dataclass(frozen=True, slots=True)
class OpenLog:
    """Show the form for logging an incident."""


@dataclass(frozen=True, slots=True)
class LogIncident:
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
class OpenLogged:
    """List the incidents one has logged."""


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """Show the form for putting an incident right."""

    incident: str


@dataclass(frozen=True, slots=True)
class CorrectIncident:
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
class OpenOffer:
    """Show one's own offer."""

    offer: str


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    """Say yes."""

    offer: str


@dataclass(frozen=True, slots=True)
class AcceptWithSomeoneElse:
    """Say yes, but not with the practitioner who was named."""

    offer: str


@dataclass(frozen=True, slots=True)
class PutOffOffer:
    """Say not now."""

    offer: str


@dataclass(frozen=True, slots=True)
class DeclineOffer:
    """Say no."""

    offer: str


@dataclass(frozen=True, slots=True)
class OpenContact:
    """Show whom to tell in person about an offer, and the form to record what they said."""

    offer: str


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """Record the answer a person gave in a talk: `yes`, `not_now`, `no` or `not_reached`."""

    offer: str
    answer: str
