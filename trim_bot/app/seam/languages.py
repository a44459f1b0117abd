"""What a language is to the desk: how it says a sentence of ours, a day and a time, and which is spoken here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


class DayForm(Enum):
    """How much of a day is said."""

    DAY = "day"
    """`Tuesday 24 November`"""
    DAY_AND_YEAR = "day_and_year"
    """`Tuesday 24 November 2009`"""
    DATE = "date"
    """`24 November 2026`"""


class Language(Protocol):
    """One language that pages can be read in."""

    @property
    def code(self) -> str:
        """Such as `fr`."""
        ...

    @property
    def name(self) -> str:
        """What it calls itself, such as `Français`."""
        ...

    @property
    def right_to_left(self) -> bool:
        """Whether its lines run from right to left."""
        ...

    def sentence(self, english: str, context: str = "") -> str:
        """A sentence of ours; the English where it has none."""
        ...

    def plural(self, one: str, many: str, n: int) -> str:
        """The form for a number, of a sentence that has one for 1 and one for many in English."""
        ...

    def short(self, english: str) -> str:
        """What its translators wrote for a title where there is room for 24 letters; empty where they wrote none."""
        ...

    def day(self, day: date, form: DayForm) -> str:
        """A day as people say it."""
        ...

    def clock(self, hour: int, minute: int) -> str:
        """A time of day as people write it."""
        ...


@dataclass(frozen=True, slots=True)
class English:
    """What everything is written in."""

    code: str = "en"
    name: str = "English"
    right_to_left: bool = False

    def sentence(self, english: str, context: str = "") -> str:
        """As it stands."""
        return english

    def plural(self, one: str, many: str, n: int) -> str:
        """One for 1, and many for all others."""
        return one if n == 1 else many

    def short(self, english: str) -> str:
        """None: titles are written to fit."""
        return ""

    def day(self, day: date, form: DayForm) -> str:
        """`Tuesday 24 November`."""
        said = f"{day.day} {MONTHS[day.month - 1]}"
        if form is not DayForm.DATE:
            said = f"{DAYS[day.weekday()]} {said}"
        return said if form is DayForm.DAY else f"{said} {day.year}"

    def clock(self, hour: int, minute: int) -> str:
        """`9:00`."""
        return f"{hour}:{minute:02d}"


ENGLISH = English()


SpokenAt = Callable[[str], Awaitable[Language]]
"""The language of what everybody in a workspace sees alike, by what its platform calls it."""


async def english_everywhere(workspace: str) -> Language:
    """Where nothing else is known."""
    return ENGLISH


class Languages(Protocol):
    """The languages that this desk can be read in."""

    def of(self, code: str) -> Language | None:
        """The language of a code such as `fr` or `fr-CA`; None where there is none."""
        ...

    def codes(self) -> tuple[str, ...]:
        """Those that can be chosen, English first."""
        ...


class EnglishAlone:
    """The port `Languages` without any other."""

    def of(self, code: str) -> Language | None:
        """English, whatever country it is of."""
        return ENGLISH if primary(code) == ENGLISH.code else None

    def codes(self) -> tuple[str, ...]:
        """English."""
        return (ENGLISH.code,)


def primary(code: str) -> str:
    """The language of a code, without its country: `fr` for `fr-CA` and `fr_CA`."""
    return code.replace("_", "-").partition("-")[0].strip().lower()


_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


def spoken_here() -> Language:
    """The language of whatever is being drawn."""
    return _spoken.get()


def speak(language: Language) -> None:
    """Draw the rest of one request in a language."""
    _spoken.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Draw in a language what an adapter says itself, beside what it was given to draw."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)
