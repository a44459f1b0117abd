"""The crisis page's data, given at the start so that it needs no database and no key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from babel import Locale

from trim_bot.app.words import page_words as words
from trim_bot.domain.site import CrisisNumber


@dataclass(frozen=True, slots=True)
class HelpPage:
    """Numbers of the site first, then of every country; when to expect an answer, in working days."""

    site: tuple[CrisisNumber, ...] = ()
    everywhere: tuple[CrisisNumber, ...] = ()
    answer_working_days: int | None = None


@dataclass(frozen=True, slots=True)
class Country:
    """The numbers of one place under its name in English."""

    anchor: str
    name: str
    numbers: tuple[CrisisNumber, ...]


_TERRITORIES = Locale("en", "GB").territories


def country_name(code: str) -> str:
    """What people call a place; its code when it has no name here."""
    return str(_TERRITORIES.get(code.upper(), code)) if code else words.HELP_EVERYWHERE


def by_country(numbers: Iterable[CrisisNumber]) -> tuple[Country, ...]:
    """Numbers grouped by place, in the order of the places' names; those for everywhere come first."""
    places: dict[str, list[CrisisNumber]] = {}
    for number in numbers:
        places.setdefault(number.place.upper(), []).append(number)
    named = sorted(places, key=lambda code: (code != "", country_name(code).casefold()))
    return tuple(
        Country(f"place-{index}", country_name(code), tuple(places[code]))
        for index, code in enumerate(named, 1)
    )
