"""Working time of the one who is to be told something: own hours or the site's, leave, and public holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.calendar import (
    NeverOpen,
    WorkCalendar,
    WorkingHours,
    add_working_days,
    end_of_work,
    halves,
    last_open,
    next_open,
)
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY

LOOK_AHEAD = timedelta(days=60)
LOOK_BACK = timedelta(days=7)
LONGEST_CLOSED = timedelta(days=21)
"""The longest time off of a whole site across which half days are counted."""


def calendar_of(work: UnitOfWork, member: Member | None, around: datetime | None = None) -> WorkCalendar:
    """The calendar of a member, or of the site when nobody in particular is meant.

    Public holidays are those from a little before `around` (UTC, now by default) to two months after.
    """
    place = work.place_of(member)
    zone = work.zone_of(member)
    hours = place.hours or work.site.hours
    if member is not None and member.hours is not None:
        hours = member.hours
    first = (around or work.now).astimezone(zone).date() - timedelta(days=2)
    days = work.holidays.between(place.country, place.region, first, first + LOOK_AHEAD)
    return WorkCalendar(
        WorkingHours(zone.key, hours.week),
        member.shifts if member is not None else (),
        member.away_until if member is not None else None,
        days | frozenset(place.extra_holidays),
        member.away_from if member is not None else None,
    )


def when_reachable(work: UnitOfWork, member: Member | None) -> datetime:
    """The next moment, now included, at which this member may be told something."""
    calendar = calendar_of(work, member)
    try:
        return next_open(calendar, work.now)
    except NeverOpen:
        return work.now


def working_days_on(
    work: UnitOfWork, member: Member | None, days: int, since: datetime | None = None
) -> datetime:
    """The moment (UTC) some working days after `since` (now by default) for this member; a day each where no hours
    are known."""
    begin = since or work.now
    calendar = calendar_of(work, member, begin)
    try:
        return add_working_days(calendar, begin, days)
    except NeverOpen:
        return begin + timedelta(days=days)


def day_of_answer(work: UnitOfWork, asked_at: datetime | None = None) -> date:
    """The day by which whoever asked for support at a moment (UTC, now by default) is answered.

    Counted in the site's working days, and told as a day of whoever reads.
    """
    by = working_days_on(work, None, work.site.answer_working_days, asked_at)
    return end_of_day(work, by).astimezone(work.zone).date()


def end_of_day(work: UnitOfWork, at: datetime) -> datetime:
    """When the site's working time ends on the day of `at` (UTC), which is promised by its name alone."""
    return end_of_work(calendar_of(work, None, at), at)


def told_of_agreed(work: UnitOfWork, member: Member | None, opens: datetime, agreed: datetime) -> datetime:
    """When to tell a member of a time agreed with them; `opens` and `agreed` are UTC, as is the answer.

    At `opens`, or in their working time between then and half an hour before it; failing that, in the last working
    hour before. Where no working time is left, at `opens` whatever their hours: after the time it is of no use.
    """
    since = max(work.now, opens - LOOK_BACK)
    calendar = calendar_of(work, member, since)
    try:
        first = next_open(calendar, opens)
    except NeverOpen:
        return opens
    if first == opens or first <= agreed - POLICY.in_good_time:
        return first
    stretch = last_open(calendar, since, opens)
    return opens if stretch is None else max(stretch[0], stretch[1] - POLICY.last_hour)


@dataclass(frozen=True, slots=True)
class HalfDay:
    """From where half a working day of the site begins to where the next does, UTC; nights belong to the one before."""

    start: datetime
    end: datetime


def half_days(work: UnitOfWork, since: datetime) -> list[HalfDay]:
    """Every half working day of the site from that in which `since` (UTC) lies to that in which it is now, in order."""
    since = min(since, work.now)
    first = since - LONGEST_CLOSED
    begins = halves(calendar_of(work, None, first), first, work.now + LONGEST_CLOSED)
    found = [HalfDay(*pair) for pair in pairwise(begins) if pair[1] > since and pair[0] <= work.now]
    if found:
        return found
    # No working time anywhere near: half a day by the clock.
    now = work.now.astimezone(work.zone_of(None))
    start = work.now - (now - now.replace(hour=now.hour // 12 * 12, minute=0, second=0, microsecond=0))
    return [HalfDay(start, start + timedelta(hours=12))]
