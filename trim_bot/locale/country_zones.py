"""Which time zones a country has, and which country an English name means, from Unicode's tables as Babel has them."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

from trim_bot.domain.zones import known_zone


def zones_in(country: str) -> list[str]:
    """The IANA zones of a country by its code, in the order of their names; none where it is not known."""
    return sorted(
        zone
        for zone, where in get_global("zone_territories").items()
        if where == country and known_zone(zone)
    )


def country_called(name: str) -> str:
    """The code of a country by its English name; empty where none is called so."""
    return _codes().get(name.casefold(), "")


@cache
def _codes() -> dict[str, str]:
    return {name.casefold(): code for code, name in Locale("en").territories.items() if len(code) == 2}
