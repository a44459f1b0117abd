"""When somebody works, and when they may next be reached: one file, since the second is only ever read off
the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from trim_bot.domain.errors import FixedText
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
class OpenSpan:
    """An open stretch in UTC, end not included, and the local day on which the work it belongs to starts."""

    day: date
    start: datetime
    end: datetime


def spans_around(
    calendar: WorkCalendar, instant: datetime, until: datetime
) -> Iterator[tuple[date, list[OpenSpan]]]:
    """Each local day with the open spans that belong to it, from the earliest that can reach `instant`.

    The last day is the one `until` falls on. A span starts on its day or, when cut, later. Of leave only one
    that begins later is taken into account.
    """
    zone = calendar.hours.zone
    roster = [
        OpenSpan(local(shift.start, zone).date(), as_utc(shift.start), as_utc(shift.end))
        for shift in calendar.shifts
    ]
    day = local(instant, zone).date() - _DAY
    day = min([day, *(shift.day for shift in roster if shift.start <= instant < shift.end)])
    last = local(until, zone).date()
    while day <= last:
        yield day, _open_spans(calendar, roster, day)
        day += _DAY


def _open_spans(calendar: WorkCalendar, roster: list[OpenSpan], day: date) -> list[OpenSpan]:
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
        holes.append(OpenSpan(day, as_utc(calendar.away_from), as_utc(calendar.away_until)))
    for hole in holes:
        worked = [piece for span in worked for piece in _without(span, hole)]
    return worked


def _weekly(hours: WorkingHours, day: date) -> Iterator[OpenSpan]:
    for start, end in hours.week[day.weekday()]:
        last = day + _DAY if end <= start else day
        span = OpenSpan(day, at_local(day, start, hours.zone), at_local(last, end, hours.zone))
        if span.start < span.end:
            yield span


def _rostered(roster: list[OpenSpan], zone: str) -> OpenSpan | None:
    if not roster:
        return None
    first = min(shift.day for shift in roster)
    last = local(max(shift.end for shift in roster) - timedelta.resolution, zone).date()
    return _days(first, last, zone)


def _holidays_within(calendar: WorkCalendar, spans: list[OpenSpan]) -> list[OpenSpan]:
    zone = calendar.hours.zone
    touched: set[date] = set()
    for span in spans:
        day, last = span.day, local(span.end, zone).date()
        while day <= last:
            touched.add(day)
            day += _DAY
    return [_days(day, day, zone) for day in sorted(touched & calendar.holidays)]


def _days(first: date, last: date, zone: str) -> OpenSpan:
    return OpenSpan(first, at_local(first, time(), zone), at_local(last + _DAY, time(), zone))


def _without(span: OpenSpan, hole: OpenSpan) -> Iterator[OpenSpan]:
    before = OpenSpan(span.day, span.start, min(span.end, hole.start))
    after = OpenSpan(span.day, max(span.start, hole.end), span.end)
    return (piece for piece in (before, after) if piece.start < piece.end)


def halves(calendar: WorkCalendar, since: datetime, until: datetime) -> list[datetime]:
    """When each half of each working day between two aware instants begins, in order (UTC)."""
    begins: set[datetime] = set()
    for _, spans in spans_around(calendar, since, until):
        if spans:
            start, end = min(span.start for span in spans), max(span.end for span in spans)
            begins |= {start, start + (end - start) / 2}
    return sorted(begins)


LONGEST_WAIT = timedelta(days=400)
"""How far ahead working time is looked for."""
_MIDNIGHT = time()


class NeverOpen(FixedText):
    """There is no working time in the next 400 days. The text is safe to show."""

    text = "There are no working hours in the next 400 days"


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


def end_of_work(calendar: WorkCalendar, instant: datetime) -> datetime:
    """When working time ends (UTC) on the local day of `instant` (aware), before its midnight; `instant` if it has."""
    midnight = at_local(local(instant, calendar.hours.zone).date() + _DAY, _MIDNIGHT, calendar.hours.zone)
    stretch = last_open(calendar, instant, midnight - timedelta(minutes=1))
    return as_utc(instant) if stretch is None else stretch[1]


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


def next_day_open(calendar: WorkCalendar, instant: datetime) -> datetime:
    """The first open moment (UTC) of a later day than that of `instant`, by the clock of the calendar's hours.

    Its midnight where no hours are known.
    """
    zone = calendar.hours.zone
    midnight = at_local(local(instant, zone).date() + _DAY, _MIDNIGHT, zone)
    try:
        return next_open(calendar, midnight)
    except NeverOpen:
        return midnight


def _first_open(calendar: WorkCalendar, instant: datetime) -> tuple[datetime, OpenSpan]:
    instant = as_utc(instant)
    limit = instant + LONGEST_WAIT
    start = calendar.not_on_leave(instant)
    best: tuple[datetime, OpenSpan] | None = None
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


def share_a_day(calendar: WorkCalendar, one: datetime, other: datetime) -> bool:
    """Whether two aware instants lie in the work of one day; the hours after midnight are the evening's before."""
    return bool(_days_worked_at(calendar, one) & _days_worked_at(calendar, other))


def _days_worked_at(calendar: WorkCalendar, instant: datetime) -> set[date]:
    around = spans_around(calendar, instant, instant)
    return {day for day, spans in around if any(_holds(span, instant) for span in spans)}


def _early(spans: list[OpenSpan], minutes: int) -> datetime:
    first = min(spans, key=lambda span: span.start)
    moment = first.start + timedelta(minutes=minutes)
    return moment if _holds(first, moment) else first.start


def _holds(span: OpenSpan, moment: datetime) -> bool:
    return span.start <= moment < span.end
