"""Freezes one sentence a closed week: on track or not, or only that the site was understaffed in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from trim_bot.app.people.eligible import is_short, note_staffing
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.ladder import WEEK, came_on, monday_of
from trim_bot.domain.figures import figure_band, week_of
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Beginning, Measure, WeekSays, WeekStatus
from trim_bot.domain.steps import Rung

DESK = "desk"


def freeze_closed_weeks(work: UnitOfWork) -> None:
    """Write the sentence of every closed week since the last one written, at most 60; none is ever changed.

    Nothing is written of a week that ended before the desk began, or whose figures were altered.
    """
    today = work.now.astimezone(work.zone_of(None)).date()
    began_on = _began_on(work, today)
    note_staffing(work.tx, work.now)
    newest = work.tx.find(WeekStatus, order_by="-id", limit=1)
    for back in range(1, POLICY.weeks_back + 1):
        last_day = monday_of(today) - (back - 1) * WEEK - timedelta(days=1)
        week = week_of(last_day)
        if last_day < began_on or (newest and week <= newest[0].id):
            return
        if work.tx.counts.altered(week):
            # Nothing is said of it until that is mended: what is written here stays for good.
            continue
        served = work.tx.counts.staffing(last_day)
        bands = figure_band(served.in_date), figure_band(served.leads + served.deputies)
        work.tx.add(WeekStatus(week, _says(work, week, last_day), work.now, *bands))


def _says(work: UnitOfWork, week: str, last_day: date) -> WeekSays:
    """Staffing comes first and alone, so that nobody can learn of the work by leaving the desk understaffed."""
    totals = work.tx.counts.totals(week)
    if totals.get(Measure.UNDERSTAFFED, 0) or _lapsed_by(work, last_day):
        return WeekSays.UNDERSTAFFED
    if totals.get(Measure.NO_OWNER, 0) or totals.get(Measure.STOOD, 0):
        return WeekSays.NOT_ON_TRACK
    return WeekSays.NOT_ON_TRACK if _stands_since(work, last_day) else WeekSays.ON_TRACK


def _lapsed_by(work: UnitOfWork, last_day: date) -> bool:
    """Whether training alone had run out too far by then: of a week in which the desk stood still nothing was noted."""
    return is_short(work.site, replace(work.tx.counts.staffing(last_day), away=0))


def _stands_since(work: UnitOfWork, last_day: date) -> bool:
    """Whether anything that stands at the end of the ladder now stood there on a day that has passed."""
    for step in waits.open_steps(work, rung=Rung.NOBODY):
        came = came_on(work, step)
        if came is None or came <= last_day:
            return True
    return False


def _began_on(work: UnitOfWork, today: date) -> date:
    """The day on which the desk began; today, when the clock looks at it for the first time."""
    kept = work.tx.get(Beginning, DESK)
    if kept is None:
        kept = Beginning(DESK, today)
        work.tx.add(kept)
    return kept.began_on
