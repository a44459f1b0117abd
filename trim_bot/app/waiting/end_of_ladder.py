"""Keeps what the closed week's sentence needs: whether anything stood at the end of the ladder in a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from trim_bot.app.seam.work import Work
from trim_bot.domain.records import Measure
from trim_bot.domain.steps import Rung, Step

WEEK = timedelta(days=7)
MOST_WEEKS = 60
"""How far back weeks are marked, and written, that were missed while the desk stood still."""


def marked(work: Work, step: Step) -> Step:
    """The step with the time it came to the end of the ladder; without one anywhere else."""
    if step.rung is not Rung.NOBODY:
        return replace(step, unowned_since=None)
    return step if step.unowned_since is not None else replace(step, unowned_since=work.now)


def note_left(work: Work, step: Step) -> None:
    """Mark every week, up to this one, in which a step stood at the end of the ladder.

    To be called with the step as it was, before it ends or goes to somebody.
    """
    if step.rung is not Rung.NOBODY:
        return
    today = _day(work)
    came = came_on(work, step)
    first = monday_of(came) if came is not None else monday_of(today) - WEEK
    day = max(first, monday_of(today) - MOST_WEEKS * WEEK)
    while day <= today:
        work.tx.count(Measure.STOOD, day)
        day += WEEK


def came_on(work: Work, step: Step) -> date | None:
    """The site's day on which a step came to the end of the ladder; None where that was not kept."""
    if step.unowned_since is None:
        return None
    return step.unowned_since.astimezone(work.zone_of(None)).date()


def monday_of(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def _day(work: Work) -> date:
    return work.now.astimezone(work.zone_of(None)).date()
