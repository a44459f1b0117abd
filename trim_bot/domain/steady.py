"""Answers when somebody who serves is written to on a working day: at the same minute every day."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from trim_bot.domain.calendar import LONGEST_WAIT, NeverOpen
from trim_bot.domain.working_hours import Span, WorkCalendar, spans_around
from trim_bot.domain.zones import as_utc, at_local

EVERY_DAY = frozenset(range(7))


def next_steady(
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
