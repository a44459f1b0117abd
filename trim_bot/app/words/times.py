"""Times as people say them, in the zone of whoever reads."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
YEAR_SAID_FROM_DAYS = 300


def spoken_day(day: date) -> str:
    """`Tuesday 24 November`; the year is added when it is not obvious from context elsewhere."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def spoken_event(day: date, today: date) -> str:
    """The day of an event, with its year where it is long ago: `Tuesday 24 November 2009`."""
    return (
        f"{spoken_day(day)} {day.year}" if abs((today - day).days) >= YEAR_SAID_FROM_DAYS else spoken_day(day)
    )


def spoken_date(day: date) -> str:
    """`24 November 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def spoken(instant: datetime, zone: ZoneInfo) -> str:
    """`Tuesday 24 November, 9:00` in a zone; `instant` is aware."""
    there = instant.astimezone(zone)
    return f"{spoken_day(there.date())}, {there.hour}:{there.minute:02d}"


def spoken_wait(waited: timedelta) -> str:
    """How long something has waited, roughly: `less than an hour`, `5 hours`, `2 days`."""
    hours = int(waited.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    if hours < 24:
        return "1 hour" if hours == 1 else f"{hours} hours"
    return "1 day" if hours < 48 else f"{hours // 24} days"
