"""Working time of the one who is to be told something: own hours or the site's, leave, and public holidays."""

from __future__ import annotations

from datetime import datetime, timedelta

from trim_bot.app.work import Work
from trim_bot.domain.calendar import NeverOpen, WorkCalendar, WorkingHours, add_working_days, next_open
from trim_bot.domain.people import Member

LOOK_AHEAD = timedelta(days=60)


def calendar_of(work: Work, member: Member | None) -> WorkCalendar:
    """The calendar of a member, or of the site when nobody in particular is meant."""
    site = work.site
    zone = work.zone_of(member)
    hours = site.hours
    if member is not None and member.hours is not None:
        hours = member.hours
    first = work.now.astimezone(zone).date() - timedelta(days=2)
    days = work.holidays.between(site.country, site.region, first, first + LOOK_AHEAD)
    return WorkCalendar(
        WorkingHours(zone.key, hours.week),
        member.shifts if member is not None else (),
        member.away_until if member is not None else None,
        days | frozenset(site.extra_holidays),
    )


def when_reachable(work: Work, member: Member | None) -> datetime:
    """The next moment, now included, at which this member may be told something."""
    calendar = calendar_of(work, member)
    try:
        return next_open(calendar, work.now)
    except NeverOpen:
        return work.now


def working_days_on(work: Work, member: Member | None, days: int) -> datetime:
    """The moment some working days from now, for this member; a day each where no hours are known."""
    calendar = calendar_of(work, member)
    try:
        return add_working_days(calendar, work.now, days)
    except NeverOpen:
        return work.now + timedelta(days=days)
