"""Leave holds from its first moment to its last, whatever the last sweep saw."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.app.waiting.test_steady import change
from tests.builders import MONDAY, Town
from trim_bot.app.people.eligible import note_staffing
from trim_bot.domain.figures import week_of
from trim_bot.domain.people import Availability, Member
from trim_bot.domain.records import Measure

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
TUESDAY = datetime(2026, 11, 24, tzinfo=UTC)


async def understaffed(town: Town) -> bool:
    """Whether this week is marked, once staffing was looked at in passing."""
    now = town.clock.now()
    await town.write(lambda tx: note_staffing(tx, now))
    totals = await town.write(lambda tx: tx.counts.totals(week_of(now.date())))
    return bool(totals[Measure.UNDERSTAFFED])


async def test_a_week_is_not_understaffed_for_want_of_people_who_are_back(town: Town) -> None:
    for name in ("paul", "lena"):
        await change(town, name, away_until=TUESDAY, on_leave=True)
    town.clock.move(TUESDAY + timedelta(minutes=1) - town.clock.now())
    assert not await understaffed(town)


async def test_a_week_is_understaffed_once_people_have_gone(town: Town) -> None:
    for name in ("paul", "lena"):
        await change(town, name, away_from=TUESDAY, away_until=TUESDAY + DAY)
    town.clock.move(TUESDAY + timedelta(minutes=1) - town.clock.now())
    assert await understaffed(town)


async def test_whoever_is_away_without_an_end_stays_away_when_leave_is_over(town: Town) -> None:
    for name in ("paul", "lena"):
        await change(town, name, away_until=TUESDAY, on_leave=True, availability=Availability.AWAY)
    town.clock.move(TUESDAY + timedelta(minutes=1) - town.clock.now())
    assert await understaffed(town)


async def test_whose_training_ran_out_counts_for_nobody(town: Town) -> None:
    await town.settle(least_practitioners=3)
    await town.add("petra", trained=False)
    await change(town, "petra", away_until=MONDAY + 9 * DAY)
    assert not await understaffed(town)


async def test_leave_begins_and_ends_at_its_midnight_and_not_with_the_next_sweep(town: Town) -> None:
    await change(town, "paul", away_from=TUESDAY, away_until=TUESDAY + DAY)
    await town.clockwork.sweep()
    for at, away in ((TUESDAY, True), (TUESDAY + DAY, False)):
        town.clock.move(at + timedelta(seconds=5) - town.clock.now())
        await town.clockwork.run_due()
        paul = await town.write(lambda tx: tx.get(Member, town.ids["paul"]))
        assert paul is not None and paul.on_leave is away
