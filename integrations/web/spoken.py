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


def recent(when: datetime, now: datetime, zone: str) -> str:
    """`9:00` if `when` is on the day of `now`, otherwise the day alone: `Tuesday 24 November`."""
    there, here = when.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if there.date() == here.date():
        return f"{there.hour}:{there.minute:02d}"
    return moment(when, zone).partition(",")[0]
