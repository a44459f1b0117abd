"""Whether a moment is working time, for tests to hold against what the calendar answers."""

from __future__ import annotations

from datetime import datetime

from trim_bot.domain.calendar import NeverOpen, WorkCalendar, next_open


def is_open(calendar: WorkCalendar, instant: datetime) -> bool:
    """Whether `instant` (aware) lies in working time: in hours or a shift, not on leave or a holiday."""
    try:
        return next_open(calendar, instant) == instant
    except NeverOpen:
        return False
