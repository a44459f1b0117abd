"""Reads the hours of a usual week, written as `monday = ["09:00-17:00"]`."""

from __future__ import annotations

import re
from datetime import time

from checked_toml.tables import Table
from trim_bot.domain.calendar import DayHours

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]|24(?=:00)):([0-5]\d)")
_DAY_MINUTES = 24 * 60


def read_week(table: Table) -> tuple[DayHours, ...]:
    """Hours from Monday on; a day that is absent is a day off.

    An end at or before its start means the next day; equal times are 24 hours.
    """
    week = tuple(_day(table, day) for day in WEEKDAYS)
    table.refuse_unknown()
    if not any(day in table.values for day in WEEKDAYS):
        table.fault(None, "At least one day must have hours.")
    return week


def _day(table: Table, day: str) -> DayHours:
    hours: list[tuple[time, time]] = []
    for text in table.texts(day):
        match = _SPAN.fullmatch(text.strip())
        if match is None:
            table.fault(day, f"“{day}” must hold hours such as 09:00-17:00.")
            return ()
        start, end = (int(match[1]), int(match[2])), (int(match[3]) % 24, int(match[4]))
        hours.append((time(*start), time(*end)))
    hours.sort()
    if _overlap(hours):
        table.fault(day, f"The hours of “{day}” overlap.")
    return tuple(hours)


def _overlap(hours: list[tuple[time, time]]) -> bool:
    """Whether hours of one day, in order of their start, run into one another."""
    last = 0
    for start, end in hours:
        starts, ends = _minutes(start), _minutes(end)
        if starts < last:
            return True
        last = ends if ends > starts else ends + _DAY_MINUTES
    return False


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
