"""When somebody works, worked out once more and in another way than the product does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tests.simulator.people import OFFICE, Person
from trim_bot.locale.public_holidays import PublicHolidays

Span = tuple[datetime, datetime]
DAY = timedelta(days=1)
SLACK = timedelta(minutes=15)
"""How late a message may be that was sent in time: it was slow on its way, or others went before it."""


@cache
def _holiday(country: str, region: str, day: date) -> bool:
    return bool(PublicHolidays().between(country, region, day, day))


def spans(person: Person, site: tuple[str, str, str], first: datetime, last: datetime) -> list[Span]:
    """The stretches in which somebody works that touch two instants; `site` is zone, country and region."""
    zone, country, region = site
    place = ZoneInfo(person.zone or zone)
    found: list[Span] = []
    day = first.astimezone(place).date() - DAY
    while day <= last.astimezone(place).date():
        for start, end in _of_day(person, place, day):
            found += _without_holidays(start, end, place, country, region)
        day += DAY
    # In one first: what is left of a night after midnight is no stretch of its own.
    whole = _in_one(sorted(_without_leave(person, found)))
    return [(start, end) for start, end in whole if end > first and start < last]


def at_work(person: Person, site: tuple[str, str, str], at: datetime) -> bool:
    """Whether somebody works at an instant, or did until a quarter of an hour before."""
    return any(start <= at and at - SLACK < end for start, end in spans(person, site, at - DAY, at + DAY))


def _in_one(found: list[Span]) -> list[Span]:
    """Stretches that go over into one another as one."""
    whole: list[Span] = []
    for start, end in found:
        if whole and start <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(end, whole[-1][1])
        else:
            whole.append((start, end))
    return whole


def _of_day(person: Person, place: ZoneInfo, day: date) -> Iterator[Span]:
    covered: Span | None = None
    if person.shifts:
        last = max(end for _, end in person.shifts) - timedelta(microseconds=1)
        first_day = min(start for start, _ in person.shifts).astimezone(place).date()
        after = last.astimezone(place).date() + DAY
        covered = _instant(first_day, time(), place), _instant(after, time(), place)
        for start, end in person.shifts:
            if start.astimezone(place).date() == day:
                yield start, end
        if first_day <= day < after:
            return
    for begin, stop in (person.week or OFFICE)[day.weekday()]:
        ends_on = day + DAY if stop <= begin else day
        start, end = _instant(day, begin, place), _instant(ends_on, stop, place)
        if covered is not None and start < covered[0]:
            # What the roster covers is the roster's alone, the end of the night before it too.
            end = min(end, covered[0])
        if start < end:
            yield start, end


def _instant(day: date, at: time, place: ZoneInfo) -> datetime:
    """Clock time as UTC: the first of two, and the end of the gap for one that does not exist."""
    instant = datetime.combine(day, at, place).astimezone(UTC)
    while instant.astimezone(place).replace(tzinfo=None) < datetime.combine(day, at):
        instant += timedelta(minutes=15)
    back = instant - timedelta(minutes=15)
    gone = datetime.combine(day, at) - instant.astimezone(place).replace(tzinfo=None)
    while gone < timedelta() and back.astimezone(place).replace(tzinfo=None) >= datetime.combine(day, at):
        instant, back = back, back - timedelta(minutes=15)
    return instant


def _without_holidays(
    start: datetime, end: datetime, place: ZoneInfo, country: str, region: str
) -> Iterator[Span]:
    day = start.astimezone(place).date()
    if _holiday(country, region, day):
        return
    while start < end:
        midnight = _instant(day + DAY, time(), place)
        if not _holiday(country, region, day) and start < min(end, midnight):
            yield start, min(end, midnight)
        start, day = midnight, day + DAY


def _without_leave(person: Person, found: list[Span]) -> Iterator[Span]:
    for start, end in found:
        if person.away is None:
            yield start, end
            continue
        gone, back = person.away
        if start < min(end, gone):
            yield start, min(end, gone)
        if max(start, back) < end:
            yield max(start, back), end
