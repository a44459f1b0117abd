"""When somebody works: weekly hours or a roster of shifts, leave and holidays, cut into open spans of time.

Hours that end at or before their start run into the next day (a night shift; equal times are 24 hours).
Within the days a roster covers, from the first shift's day to the last one's, only its shifts count; before
and after, the weekly hours do, so that an old roster silences nobody. Nothing is open on a holiday. Hours
that would start on a holiday or a rostered day are dropped whole: no part of that night is worked the day
after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from trim_bot.domain.zones import UnknownZone, as_utc, at_local, known_zone, local

DayHours: TypeAlias = tuple[tuple[time, time], ...]
"""The hours of one weekday as (start, end) in clock time; none for a day off."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Hours of a usual week in an IANA zone; `week[0]` is Monday. Raises `UnknownZone`, `ValueError`."""

    zone: str
    week: tuple[DayHours, ...]

    def __post_init__(self) -> None:
        if not known_zone(self.zone):
            raise UnknownZone
        if len(self.week) != 7:
            raise ValueError("A week has seven days")
        if any(at.tzinfo is not None for day in self.week for hours in day for at in hours):
            raise ValueError("Working hours are clock times without a zone")


@dataclass(frozen=True, slots=True)
class Shift:
    """One rostered stretch of work, end not included; both aware. Raises `ValueError`."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if as_utc(self.end) <= as_utc(self.start):
            raise ValueError("A shift ends after it starts")


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Everything that says when one person can be reached at work.

    `away_until` is the instant (aware) they are back, `away_from` the one at which leave that has not begun begins;
    `holidays` are days in the zone of `hours`.
    """

    hours: WorkingHours
    shifts: tuple[Shift, ...] = ()
    away_until: datetime | None = None
    holidays: frozenset[date] = frozenset()
    away_from: datetime | None = None

    def __post_init__(self) -> None:
        for moment in (self.away_until, self.away_from):
            if moment is not None:
                as_utc(moment)

    def not_on_leave(self, instant: datetime) -> datetime:
        """The instant (UTC), or the end of the leave that it falls into."""
        instant = as_utc(instant)
        if self.away_until is None or (self.away_from is not None and instant < as_utc(self.away_from)):
            return instant
        return max(instant, as_utc(self.away_until))


@dataclass(frozen=True, slots=True)
class Span:
    """An open stretch in UTC, end not included, and the local day on which the work it belongs to starts."""

    day: date
    start: datetime
    end: datetime


def spans_around(
    calendar: WorkCalendar, instant: datetime, until: datetime
) -> Iterator[tuple[date, list[Span]]]:
    """Each local day with the open spans that belong to it, from the earliest that can reach `instant`.

    The last day is the one `until` falls on. A span starts on its day or, when cut, later. Of leave only one
    that begins later is taken into account.
    """
    zone = calendar.hours.zone
    roster = [
        Span(local(shift.start, zone).date(), as_utc(shift.start), as_utc(shift.end))
        for shift in calendar.shifts
    ]
    day = local(instant, zone).date() - _DAY
    day = min([day, *(shift.day for shift in roster if shift.start <= instant < shift.end)])
    last = local(until, zone).date()
    while day <= last:
        yield day, _open_spans(calendar, roster, day)
        day += _DAY


def _open_spans(calendar: WorkCalendar, roster: list[Span], day: date) -> list[Span]:
    if day in calendar.holidays:
        return []
    worked = [shift for shift in roster if shift.day == day]
    covered = _rostered(roster, calendar.hours.zone)
    if covered is None:
        worked += _weekly(calendar.hours, day)
    elif not covered.start <= at_local(day, time(), calendar.hours.zone) < covered.end:
        worked += [piece for span in _weekly(calendar.hours, day) for piece in _without(span, covered)]
    holes = _holidays_within(calendar, worked)
    if calendar.away_from is not None and calendar.away_until is not None:
        holes.append(Span(day, as_utc(calendar.away_from), as_utc(calendar.away_until)))
    for hole in holes:
        worked = [piece for span in worked for piece in _without(span, hole)]
    return worked


def _weekly(hours: WorkingHours, day: date) -> Iterator[Span]:
    for start, end in hours.week[day.weekday()]:
        last = day + _DAY if end <= start else day
        span = Span(day, at_local(day, start, hours.zone), at_local(last, end, hours.zone))
        if span.start < span.end:
            yield span


def _rostered(roster: list[Span], zone: str) -> Span | None:
    if not roster:
        return None
    first = min(shift.day for shift in roster)
    last = local(max(shift.end for shift in roster) - timedelta.resolution, zone).date()
    return _days(first, last, zone)


def _holidays_within(calendar: WorkCalendar, spans: list[Span]) -> list[Span]:
    zone = calendar.hours.zone
    touched: set[date] = set()
    for span in spans:
        day, last = span.day, local(span.end, zone).date()
        while day <= last:
            touched.add(day)
            day += _DAY
    return [_days(day, day, zone) for day in sorted(touched & calendar.holidays)]


def _days(first: date, last: date, zone: str) -> Span:
    return Span(first, at_local(first, time(), zone), at_local(last + _DAY, time(), zone))


def _without(span: Span, hole: Span) -> Iterator[Span]:
    before = Span(span.day, span.start, min(span.end, hole.start))
    after = Span(span.day, max(span.start, hole.end), span.end)
    return (piece for piece in (before, after) if piece.start < piece.end)
