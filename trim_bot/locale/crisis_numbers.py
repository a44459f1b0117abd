"""Numbers to ring for every country by its name, at hand without a database or a key."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TypedDict

from babel import Locale, UnknownLocaleError

from trim_bot.domain.site import CrisisNumber

LOCAL_EMERGENCY = CrisisNumber("Emergency services", "your local emergency number", "")
"""What is said where no number is known; there is never a guess."""
EMERGENCY = frozenset({"Emergency services", "Ambulance", "Police"})
"""How the shipped numbers for danger to life are called."""


class _OneNumber(TypedDict):
    number: str
    source: str
    places: list[str]


class _Separate(TypedDict):
    source: str
    places: Mapping[str, tuple[str, str]]


class _CountryLines(TypedDict):
    source: str
    places: Mapping[str, list[tuple[str, str]]]


class _File(TypedDict):
    gathered_on: date
    one_number: list[_OneNumber]
    separate: _Separate
    lines: _CountryLines


def shipped_numbers() -> tuple[CrisisNumber, ...]:
    """Every number that comes with the package, by country code, emergency services first.

    None has a `verified_on`: show them as "not yet verified by your site".
    """
    return tuple(number for _, numbers in sorted(_by_place().items()) for number in numbers)


def numbers_for(country: str) -> tuple[CrisisNumber, ...]:
    """The shipped numbers of an ISO 3166 country code, or `LOCAL_EMERGENCY` alone. Never empty."""
    return _by_place().get(country.strip().upper(), (LOCAL_EMERGENCY,))


def emergency_numbers(country: str) -> tuple[CrisisNumber, ...]:
    """The numbers of an ISO 3166 country code for danger to life; none where they are not known."""
    return tuple(
        number for number in _by_place().get(country.strip().upper(), ()) if number.label in EMERGENCY
    )


def gathered_on() -> date:
    """The day on which the shipped numbers were last gone through, before a site has rung any."""
    return _file()["gathered_on"]


@cache
def _by_place() -> Mapping[str, tuple[CrisisNumber, ...]]:
    found: dict[str, tuple[CrisisNumber, ...]] = {}
    for number in _read():
        found[number.place] = (*found.get(number.place, ()), number)
    return found


@cache
def _file() -> _File:
    text = (files("trim_bot.locale") / "crisis_numbers.toml").read_text(encoding="utf-8")
    # The file is part of the package; a test reads every entry of it.
    data: _File = tomllib.loads(text)  # type: ignore[assignment]
    return data


def _read() -> Iterator[CrisisNumber]:
    data = _file()
    for row in data["one_number"]:
        for place in row["places"]:
            yield CrisisNumber("Emergency services", row["number"], place, row["source"])
    for place, (ambulance, police) in data["separate"]["places"].items():
        yield CrisisNumber("Ambulance", ambulance, place, data["separate"]["source"])
        yield CrisisNumber("Police", police, place, data["separate"]["source"])
    for place, lines in data["lines"]["places"].items():
        for label, number in lines:
            yield CrisisNumber(label, number, place, data["lines"]["source"])


# Codes that name no country: unions, outlying islands, tests, unknown.
_NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@dataclass(frozen=True, slots=True)
class NamedCountry:
    """An ISO 3166 code (two capitals) with its name."""

    code: str
    name: str


def country_name(code: str, language: str = "en") -> str:
    """The name of a country in a language; the code itself when the country is not known."""
    return _names(language).get(code.strip().upper(), code)


@cache
def countries(language: str = "en") -> tuple[NamedCountry, ...]:
    """Every country by name in a language (English when that is not known), in order of name."""
    found = (NamedCountry(code, name) for code, name in _names(language).items())
    return tuple(sorted(found, key=lambda country: in_a_list(country.name)))


def in_a_list(name: str) -> str:
    """Where a name stands in a list: an accent moves it no more than a capital does, so É comes with E."""
    return "".join(
        one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one)
    ).casefold()


@cache
def _names(language: str) -> dict[str, str]:
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (ValueError, TypeError, UnknownLocaleError):
        locale = Locale("en")
    return {
        str(code): str(name)
        for code, name in locale.territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }
