"""Usual hours as people write them, `09:00-17:00`, and as the calendar keeps them."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import time

from trim_bot.domain.calendar import DayHours, WorkingHours

SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|–|to)\s*(\d{1,2})[:.](\d{2})", re.ASCII)
SEPARATOR = re.compile(r"\s*[,;\n]\s*|\s+and\s+")
MONDAY_TO_FRIDAY = ("0", "1", "2", "3", "4")


class HoursNotRead(ValueError):
    """The text is not hours; it is not repeated here."""

    def __init__(self) -> None:
        super().__init__("These hours could not be read")


def read_hours(text: str, days: Collection[str], zone: str) -> WorkingHours | None:
    """Hours for some weekdays (`0` is Monday) in an IANA zone; None for empty text.

    Several stretches are separated by commas; one that ends at or before its start runs into the next day.
    Raises HoursNotRead.
    """
    if not text.strip():
        return None
    spans = tuple(_span(part) for part in SEPARATOR.split(text.strip()))
    return WorkingHours(zone, tuple(spans if str(day) in days else () for day in range(7)))


def write_hours(hours: WorkingHours | None) -> tuple[str, tuple[str, ...]]:
    """The hours of the first worked day, and the worked days; empty and Monday to Friday for none."""
    if hours is None:
        return "", MONDAY_TO_FRIDAY
    worked = tuple(str(day) for day, spans in enumerate(hours.week) if spans)
    spans: DayHours = hours.week[int(worked[0])] if worked else ()
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans), worked


def _span(text: str) -> tuple[time, time]:
    found = SPAN.fullmatch(text.strip())
    if found is None:
        raise HoursNotRead
    numbers = [int(group) for group in found.groups()]
    try:
        return time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    except ValueError:
        raise HoursNotRead from None
