"""Freezes one statement a closed week: whether anything reached the end of the ladder, by stage."""

from __future__ import annotations

from datetime import timedelta

from trim_bot.app.work import Work
from trim_bot.domain.periods import week_of
from trim_bot.domain.records import Measure, WeekStatus

STAGES = {
    Measure.NO_OWNER_OFFER: "offer",
    Measure.NO_OWNER_FIRST: "first",
    Measure.NO_OWNER_MONTH: "month",
    Measure.NO_OWNER_REQUEST: "request",
}


def freeze_closed_weeks(work: Work) -> None:
    """Write last week's statement if it has not been written; it is never changed afterwards."""
    today = work.now.astimezone(work.zone_of(None)).date()
    week = week_of(today - timedelta(days=7))
    if work.tx.get(WeekStatus, week) is not None:
        return
    totals = work.tx.counts.totals(week)
    late = tuple(stage for measure, stage in STAGES.items() if totals.get(measure, 0))
    work.tx.add(WeekStatus(week, not late, late, work.now))
