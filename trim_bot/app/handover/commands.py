"""Handing work on, and leaving nothing behind when somebody is erased."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening
from trim_bot.domain.ids import AccountId, PlaceId
from trim_bot.domain.people import Availability, Reach


@dataclass(frozen=True, slots=True)
class OpenErase(Opening):
    """Show what erasing means."""


@dataclass(frozen=True, slots=True)
class EraseMe(Command):
    """Erase one's own record."""

    sure: bool


@dataclass(frozen=True, slots=True)
class SaveProfile(Command):
    """Keep one's own profile."""

    zone: str
    hours: str
    phone: str = field(repr=False)
    reach: Reach
    best_time: str = field(repr=False)
    days: tuple[str, ...] = ()
    """Weekdays the hours are for, from `0` for Monday."""
    away_from: date | None = None
    """First day away; left out, they are away from now on."""
    away_until: date | None = None
    """Last day away."""
    place: PlaceId | None = None
    """Asked only where the site has more than one."""
    availability: Availability | None = None
    """Only those who serve are asked."""
    language: str = ""
    """Asked only where the site has more than one."""
    reads: str = ""
    """The code of the language of the desk's pages, or LIKE_PLATFORM; asked only where there is more than one."""
    first: AccountId | None = None
    """Where messages go, a chat or one's own page; asked only of those with more than one chat."""
    changes: bool = False
    """Whether to write to them when something of theirs changes; asked only of those who do not hear daily."""


@dataclass(frozen=True, slots=True)
class OpenRoom(Opening):
    """Show a lead how much each practitioner holds, from a place in the list on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenFindRoom(Opening):
    """Show the form for finding a practitioner by name."""


@dataclass(frozen=True, slots=True)
class FindRoom(Command):
    """Show how much those practitioners hold whose name has these letters in it."""

    typed: str = field(repr=False)
