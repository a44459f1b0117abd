"""What the clock of a zone is called, and a time that says by which clock it is read."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.seam.sentences import as_given, phrase
from trim_bot.app.words.times import spoken


def spoken_by(instant: datetime, zone: ZoneInfo) -> str:
    """`Tuesday 24 November, 9:00 (London time)`: of a page whose times are those of the site, whoever reads it."""
    return phrase("{label} ({zone})", label=spoken(instant, zone), zone=zone_words(zone.key))


def zone_words(zone: str) -> str:
    """What people call the time of an IANA zone: `London time`, `New York time`, `UTC`."""
    place = zone.rpartition("/")[2].replace("_", " ")
    return as_given(place) if place.startswith(("UTC", "GMT")) else phrase("{place} time", place=place)
