"""Days and times as people say them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(when: date) -> str:
    """`24 November 2026`."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def moment(when: datetime, zone: str) -> str:
    """`Tuesday 24 November, 9:00`, in an IANA zone; `when` is aware."""
    here = when.astimezone(ZoneInfo(zone))
    return f"{_DAYS[here.weekday()]} {here.day} {_MONTHS[here.month - 1]}, {here.hour}:{here.minute:02d}"


def clock(when: datetime, zone: str) -> str:
    """`9:00`, in an IANA zone; `when` is aware."""
    here = when.astimezone(ZoneInfo(zone))
    return f"{here.hour}:{here.minute:02d}"
