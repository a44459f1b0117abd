"""Turns the names Windows gives to zones into IANA names, since Outlook tells a person's zone by either."""

from __future__ import annotations

from functools import cache

from babel.core import get_global

from trim_bot.domain.zones import known_zone


def iana_zone(name: str) -> str:
    """The IANA zone of a Windows or IANA name; empty when it is neither."""
    name = name.strip()
    found = _by_windows_name().get(name.casefold(), name)
    return found if found and known_zone(found) else ""


@cache
def _by_windows_name() -> dict[str, str]:
    """From the table that Babel carries, which is Unicode's own."""
    return {
        str(windows).casefold(): str(iana) for windows, iana in get_global("windows_zone_mapping").items()
    }
