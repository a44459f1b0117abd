"""Times as people say them, in the zone of whoever reads, or with the name of the clock they are read by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.seam.languages import ENGLISH, DayForm
from trim_bot.app.seam.sentences import Sentence, as_given, phrase, phrase_of

YEAR_SAID_FROM_DAYS = 300
UNTIL = "until"
"""Under which a change hands a day on to the screen that follows it."""


def day_in(ids: Mapping[str, str]) -> str:
    """The day that a change handed on, as people say it."""
    return spoken_day(date.fromisoformat(ids[UNTIL]))


def spoken_day(day: date) -> str:
    """`Tuesday 24 November`; the year is added when it is not obvious from context elsewhere."""
    return _day(day, DayForm.DAY)


def spoken_event(day: date, today: date) -> str:
    """The day of an event, with its year where it is long ago: `Tuesday 24 November 2009`."""
    long_ago = abs((today - day).days) >= YEAR_SAID_FROM_DAYS
    return _day(day, DayForm.DAY_AND_YEAR if long_ago else DayForm.DAY)


def spoken_date(day: date) -> str:
    """`24 November 2026`."""
    return _day(day, DayForm.DATE)


def spoken(instant: datetime, zone: ZoneInfo) -> str:
    """`Tuesday 24 November, 9:00` in a zone; `instant` is aware."""
    there = instant.astimezone(zone)
    return phrase("{day}, {time}", day=spoken_day(there.date()), time=spoken_clock(there))


def spoken_clock(there: datetime) -> str:
    """`9:00`, of a time in the zone it is read in."""
    hour, minute = there.hour, there.minute
    return Sentence(ENGLISH.clock(hour, minute), lambda language: language.clock(hour, minute))


def spoken_by(instant: datetime, zone: ZoneInfo) -> str:
    """`Tuesday 24 November, 9:00 (London time)`: of a page whose times are those of the site, whoever reads it."""
    return phrase("{label} ({zone})", label=spoken(instant, zone), zone=zone_words(zone.key))


def zone_words(zone: str) -> str:
    """What people call the time of an IANA zone: `London time`, `New York time`, `UTC`."""
    place = zone.rpartition("/")[2].replace("_", " ")
    return as_given(place) if place.startswith(("UTC", "GMT")) else phrase("{place} time", place=place)


def spoken_wait(waited: timedelta) -> str:
    """How long something has waited, roughly: `less than an hour`, `5 hours`, `2 days`."""
    hours = int(waited.total_seconds() // 3600)
    if hours < 1:
        return phrase("less than an hour")
    if hours < 24:
        return phrase_of(hours, "1 hour", "{n} hours")
    return phrase_of(hours // 24, "1 day", "{n} days")


def _day(day: date, form: DayForm) -> str:
    return Sentence(ENGLISH.day(day, form), lambda language: language.day(day, form))
