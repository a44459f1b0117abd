"""Clock time in a place and instants in UTC, with a rule for the missing hour and the repeated one.

A clock time inside a gap (clocks go forward) means the first instant after the gap. A clock time that
happens twice (clocks go back) means its first occurrence, or its second where that is asked for.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from trim_bot.domain.errors import FixedText

# Their meaning depends on the machine, or is no place at all.
_NOT_PLACES = frozenset({"Factory", "localtime"})


class UnknownZone(FixedText, ValueError):
    """The name is not an IANA time zone."""

    text = "This time zone is not known"


def known_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone such as `Europe/London`."""
    return name in _names()


_REGIONS = frozenset(
    {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
)


@cache
def cities() -> tuple[tuple[str, str], ...]:
    """Every zone that is called after a place, with what to call it, by city: `New York, America`."""
    found = (name for name in _names() if name.partition("/")[0] in _REGIONS)
    return tuple(
        sorted(((name, city_words(name)) for name in found), key=lambda one: (one[1].casefold(), one[0]))
    )


def city_words(name: str) -> str:
    """What to call a zone: its city, and the parts of the world around it; a zone without a city as it is."""
    return ", ".join(part.replace("_", " ") for part in reversed(name.split("/")))


def local(instant: datetime, zone: str) -> datetime:
    """The instant as the clock shows it in `zone` (aware). Raises `UnknownZone`."""
    return as_utc(instant).astimezone(_zone(zone))


def at_local(day: date, at: time, zone: str, *, later: bool = False) -> datetime:
    """The instant (UTC) when clocks in `zone` show `at` (naive) on `day`, by the rules above.

    `later` asks for the second occurrence of a time that happens twice, as a not-before does.
    Raises `UnknownZone`.
    """
    return _at_local(day, at.replace(tzinfo=None, fold=0), zone, later)


@lru_cache(maxsize=4096)
def _at_local(day: date, at: time, zone: str, later: bool) -> datetime:
    """The same few days and hours are asked for at every step of the clock; they say nothing of anybody."""
    place = _zone(zone)
    wall = datetime.combine(day, at, tzinfo=place)
    instant = wall.astimezone(UTC)
    if instant.astimezone(place).replace(tzinfo=None, fold=0) == wall.replace(tzinfo=None):
        return wall.replace(fold=1).astimezone(UTC) if later else instant
    return _end_of_gap(wall)


def as_utc(instant: datetime) -> datetime:
    """The instant in UTC. Raises `ValueError` when it has no zone."""
    if instant.tzinfo is None:
        raise ValueError("The time has no zone")
    return instant.astimezone(UTC)


def _end_of_gap(wall: datetime) -> datetime:
    # In a gap, fold=1 reads the clock with the offset after it, which gives an instant before the change,
    # and fold=0 with the offset before, which gives one after. Changes fall on whole seconds.
    place = wall.tzinfo
    before = wall.replace(fold=1, microsecond=0).astimezone(UTC)
    after = wall.replace(microsecond=0).astimezone(UTC) + timedelta(seconds=1)
    old = before.astimezone(place).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(place).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones()) - _NOT_PLACES


@cache
def _zone(name: str) -> ZoneInfo:
    if not known_zone(name):
        raise UnknownZone
    return ZoneInfo(name)
