"""Answers when somebody may next be reached at work, once or daily, and what some working days from now means."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from trim_bot.domain.working_hours import (
    DayHours,
    Shift,
    Span,
    WorkCalendar,
    WorkingHours,
    spans_around,
)
from trim_bot.domain.zones import UnknownZone, as_utc, at_local, known_zone, local

__all__ = [
    "LONGEST_WAIT",
    "DayHours",
    "NeverOpen",
    "Shift",
    "UnknownZone",
    "WorkCalendar",
    "WorkingHours",
    "add_working_days",
    "at_local",
    "is_open",
    "known_zone",
    "last_open",
    "latest_start",
    "local",
    "next_open",
]

LONGEST_WAIT = timedelta(days=400)
"""How far ahead working time is looked for."""
_MIDNIGHT = time()


class NeverOpen(Exception):
    """There is no working time in the next 400 days. The text is safe to show."""

    def __init__(self) -> None:
        super().__init__("There are no working hours in the next 400 days")


def is_open(calendar: WorkCalendar, instant: datetime) -> bool:
    """Whether `instant` (aware) lies in working time: in hours or a shift, not on leave or a holiday."""
    try:
        return next_open(calendar, instant) == instant
    except NeverOpen:
        return False


def next_open(calendar: WorkCalendar, instant: datetime) -> datetime:
    """The first instant (UTC) at or after `instant` (aware) that lies in working time.

    Raises `NeverOpen` when there is none within 400 days of `instant`.
    """
    return _first_open(calendar, instant)[0]


def last_open(calendar: WorkCalendar, since: datetime, before: datetime) -> tuple[datetime, datetime] | None:
    """The last stretch of working time (UTC) between two aware instants, cut to lie within them, or None."""
    since, before = as_utc(since), as_utc(before)
    start = calendar.not_on_leave(since)
    if start >= before:
        return None
    found = [
        (max(span.start, start), min(span.end, before))
        for _, spans in spans_around(calendar, start, before)
        for span in spans
        if span.start < before and span.end > start
    ]
    return max(found, key=lambda stretch: stretch[1], default=None)


def latest_start(
    calendar: WorkCalendar, since: datetime, until: datetime, needed: timedelta
) -> datetime | None:
    """The last instant (UTC) from which `needed` working time is left before `until`; None where even from `since` on
    there is less."""
    since, until = as_utc(since), as_utc(until)
    start = calendar.not_on_leave(since)
    spans = (
        [span for _, spans in spans_around(calendar, start, until) for span in spans] if start < until else []
    )
    end = until
    for span in sorted(spans, key=lambda one: one.end, reverse=True):
        # What two shifts share counts once.
        begin, end = max(span.start, start), min(span.end, end)
        if end - begin >= needed:
            return end - needed
        if begin < end:
            needed, end = needed - (end - begin), begin
    return None


def add_working_days(calendar: WorkCalendar, instant: datetime, days: int) -> datetime:
    """Working time (UTC) after `days` whole working days, at the same clock time where that is worked.

    The count starts at the first working time from `instant`. A working day is a local day on which work
    starts, so a night counts once, for the evening it begins. With 0 it is `next_open`. Raises
    `NeverOpen` when the next working day is more than 400 days off, `ValueError` for a negative count.
    """
    if days < 0:
        raise ValueError("The number of working days is negative")
    opens, first = _first_open(calendar, instant)
    zone = calendar.hours.zone
    clock = local(opens, zone)
    last = first.day
    for _ in range(days):
        last = _next_working_day(calendar, last)
    there = at_local(last + (clock.date() - first.day), clock.time(), zone)
    return next_open(calendar, max(there, opens))


def _first_open(calendar: WorkCalendar, instant: datetime) -> tuple[datetime, Span]:
    instant = as_utc(instant)
    limit = instant + LONGEST_WAIT
    start = calendar.not_on_leave(instant)
    best: tuple[datetime, Span] | None = None
    for day, spans in spans_around(calendar, start, limit):
        # Spans of this day and later ones start no earlier than its midnight.
        if best is not None and best[0] <= at_local(day, _MIDNIGHT, calendar.hours.zone):
            break
        for span in spans:
            opens = max(span.start, start)
            if opens < span.end and (best is None or opens < best[0]):
                best = (opens, span)
    if best is None or best[0] > limit:
        raise NeverOpen
    return best


def _next_working_day(calendar: WorkCalendar, after: date) -> date:
    midnight = at_local(after, _MIDNIGHT, calendar.hours.zone)
    for day, spans in spans_around(calendar, midnight, midnight + LONGEST_WAIT):
        if day > after and spans:
            return day
    raise NeverOpen


EVERY_DAY = frozenset(range(7))


def next_daily_moment(
    calendar: WorkCalendar,
    after: datetime,
    at: time,
    minutes: int = 0,
    days: frozenset[int] = EVERY_DAY,
) -> datetime:
    """The first steady moment (UTC) later than `after` (aware).

    On each working day that is one of `days` (0 is Monday) it is `at`, in the zone of the calendar, and some
    `minutes` more; where that is not worked, those minutes after the day's work begins. Raises `NeverOpen` when
    there is none within 400 days.
    """
    after = as_utc(after)
    start = calendar.not_on_leave(after)
    for day, spans in spans_around(calendar, start, after + LONGEST_WAIT):
        if not spans or day.weekday() not in days:
            continue
        wanted = at_local(day, at, calendar.hours.zone) + timedelta(minutes=minutes)
        moment = wanted if any(_holds(span, wanted) for span in spans) else _early(spans, minutes)
        if moment > after and moment >= start:
            return moment
    raise NeverOpen


def _early(spans: list[Span], minutes: int) -> datetime:
    first = min(spans, key=lambda span: span.start)
    moment = first.start + timedelta(minutes=minutes)
    return moment if _holds(first, moment) else first.start


def _holds(span: Span, moment: datetime) -> bool:
    return span.start <= moment < span.end
