"""Names of countries as people say them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError

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
    return tuple(sorted(found, key=lambda country: country.name.casefold()))


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
