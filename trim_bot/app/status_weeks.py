"""Freezes one statement a closed week: whether anything reached the end of the ladder, by stage."""

from __future__ import annotations

from datetime import timedelta

from trim_bot.app.work import Work
from trim_bot.domain.periods import week_of
from trim_bot.domain.records import Measure, WeekStatus

STAGES = {
    Measure.NO_OWNER_OFFER: "offer",
    Measure.NO_OWNER_CONTACT: "contact",
    Measure.NO_OWNER_FIRST: "first",
    Measure.NO_OWNER_MONTH: "month",
    Measure.NO_OWNER_REQUEST: "request",
}

MOST_WEEKS = 60
"""How far back weeks are written that were missed while the desk stood still."""


def freeze_closed_weeks(work: Work) -> None:
    """Write the statement of every closed week since the last one written, at most 60; none is ever changed."""
    today = work.now.astimezone(work.zone_of(None)).date()
    newest = work.tx.find(WeekStatus, order_by="-id", limit=1)
    for back in range(1, MOST_WEEKS + 1 if newest else 2):
        week = week_of(today - timedelta(days=7 * back))
        if newest and week <= newest[0].id:
            return
        totals = work.tx.counts.totals(week)
        late = tuple(stage for measure, stage in STAGES.items() if totals.get(measure, 0))
        work.tx.add(WeekStatus(week, not late, late, work.now))
