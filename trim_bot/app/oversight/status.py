"""Shows whether the scheme is on track and staffed, from kept figures alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from trim_bot.app.oversight import status_screens as screens
from trim_bot.app.people.overview import Overview
from trim_bot.app.seam.links import OpenStatus
from trim_bot.app.seam.ports import Counts
from trim_bot.app.seam.unsigned import Plain, Screen
from trim_bot.app.seam.views import Done
from trim_bot.domain.figures import quarter_of, week_of
from trim_bot.domain.records import Standing
from trim_bot.domain.site import Site

WEEK = timedelta(days=7)


def open_status(overview: Overview, command: OpenStatus) -> Screen:
    """The coordinator's page. Days are the site's, so that every coordinator reads the same."""
    return screens.coordinator_page(_said(overview.counts, overview.now, ZoneInfo(overview.site.zone)))


def employer_screen(counts: Counts, site: Site, now: datetime, zone: ZoneInfo | None = None) -> Done:
    """The same page for everybody, without buttons. `now` is aware; `zone` is the site's unless given."""
    return screens.employer_page(_said(counts, now, zone or ZoneInfo(site.zone)))


def _said(counts: Counts, now: datetime, zone: ZoneInfo) -> tuple[Plain, ...]:
    today = now.astimezone(zone).date()
    quarter = closed_quarter(today)
    weeks = (week_of(today - WEEK), week_of(today - 2 * WEEK))
    standing = counts.standing(quarter_of(quarter), weeks, today)
    return screens.status_blocks(
        _statement(standing, weeks, today),
        no_owner=standing.no_owner,
        quarter=quarter if standing.began_on is not None and standing.began_on < _ends(quarter) else None,
        totals=standing.totals,
        staffing=standing.staffing,
    )


def _statement(standing: Standing, weeks: tuple[str, str], today: date) -> screens.Statement | None:
    """Last week's, or until it is written the one before; never one from before the desk began."""
    for back, week in enumerate(weeks):
        last_day = today - timedelta(days=today.weekday() + 1) - back * WEEK
        if week in standing.weeks and standing.began_on is not None and standing.began_on <= last_day:
            return screens.Statement(last_day, standing.weeks[week])
    return None


def _ends(first: date) -> date:
    """The day after a quarter."""
    return date(first.year + first.month // 10, (first.month + 3) % 12, 1)


def closed_quarter(today: date) -> date:
    """The first day of the newest calendar quarter that has ended."""
    this = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    last = this - timedelta(days=1)
    return date(last.year, last.month - 2, 1)
