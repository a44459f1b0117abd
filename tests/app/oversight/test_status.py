"""The status page: one frozen sentence a week, bands of a closed quarter, and staffing; nothing of work is live."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app.asking import ask
from tests.app.beginnings import open_case_for, refused
from tests.builders import MONDAY, Town
from tests.reading import buttons, everything_in, rows_of, words_of
from trim_bot.app.oversight.handlers import employer_screen, newest_quarter
from trim_bot.app.oversight.weeks import DESK, freeze_closed_weeks
from trim_bot.app.people.counted import Bulletins
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Button, Done, Figures, Link, View
from trim_bot.domain.figures import closed_quarter
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Availability, Grant, Member, Role
from trim_bot.domain.records import Beginning, Measure, WeekSays, WeekStatus
from trim_bot.domain.site import Site
from trim_bot.domain.steps import Rung, Step

pytestmark = pytest.mark.anyio


async def status(town: Town) -> Done:
    page = await town.say("cora", "peer", "status")
    assert isinstance(page, Done)
    assert page.name == "status"
    return page


def fact(view: View, name: str) -> str:
    assert isinstance(view, Done)
    return next(value for key, value in rows_of(view) if key == name)


async def begin(town: Town, on: date) -> None:
    """Let the desk have begun on a day."""
    await town.write(lambda tx: tx.add(Beginning(DESK, on)))


async def test_before_any_week_has_closed_there_is_nothing_to_say_yet(town: Town) -> None:
    for _ in range(2):
        page = await status(town)
        assert "There is nothing to say yet." in words_of(page)
        assert "There are no figures yet." in words_of(page)
        assert "0–9" not in everything_in(page)
        await town.clockwork.sweep()


async def test_a_quarter_shows_once_it_has_closed_on_a_desk_that_was_there(town: Town) -> None:
    await town.clockwork.sweep()
    town.clock.move_to(datetime(2026, 12, 31, 10, tzinfo=UTC))
    assert "0–9" not in everything_in(await status(town))
    town.clock.move_to(datetime(2027, 1, 1, 10, tzinfo=UTC))
    await town.clockwork.sweep()
    page = await status(town)
    assert "October to December 2026" in words_of(page)
    assert "0–9" in words_of(page)


@pytest.mark.parametrize(("on", "shown"), [(date(2026, 9, 30), True), (date(2026, 10, 1), False)])
async def test_the_last_day_of_a_quarter_belongs_to_it(town: Town, on: date, shown: bool) -> None:
    town.clock.move_to(datetime(on.year, on.month, on.day, 10, tzinfo=UTC))
    await town.clockwork.sweep()
    town.clock.move_to(MONDAY)
    await town.clockwork.sweep()
    assert ("July to September 2026" in words_of(await status(town))) is shown


async def test_a_week_without_any_case_reads_like_a_week_without_trouble(town: Town) -> None:
    await begin(town, MONDAY.date() - timedelta(days=7))
    await town.clockwork.sweep()
    empty = await status(town)
    assert "Follow-ups were on track in the week to Sunday 22 November." in words_of(empty)
    await open_case_for(town, "nurse", holder="priya")
    assert await status(town) == empty


async def test_a_week_before_the_desk_began_is_never_written(town: Town) -> None:
    await town.clockwork.sweep()
    assert await town.all(WeekStatus) == []
    town.clock.move(timedelta(days=7))
    await town.clockwork.sweep()
    [week] = await town.all(WeekStatus)
    assert week.id == "2026-W48"


async def test_a_written_week_of_before_the_desk_began_is_not_shown(town: Town) -> None:
    await begin(town, MONDAY.date())
    await town.write(lambda tx: tx.add(WeekStatus("2026-W47", WeekSays.ON_TRACK, MONDAY)))
    assert "There is nothing to say yet." in words_of(await status(town))


async def test_until_last_week_is_written_the_one_before_stands(town: Town) -> None:
    await begin(town, MONDAY.date() - timedelta(days=7))
    await town.clockwork.sweep()
    town.clock.move(timedelta(days=7))
    assert "in the week to Sunday 22 November" in words_of(await status(town))
    town.clock.move(timedelta(days=7))
    assert "There is nothing to say yet." in words_of(await status(town))


async def test_a_written_week_never_changes(town: Town) -> None:
    await begin(town, MONDAY.date() - timedelta(days=7))
    await town.clockwork.sweep()
    before = await status(town)
    await town.write(lambda tx: tx.count(Measure.NO_OWNER, MONDAY.date() - timedelta(days=3)))
    await town.work(freeze_closed_weeks)
    assert await status(town) == before


async def test_figures_are_those_of_the_newest_bulletin_of_a_quarter_and_no_others(town: Town) -> None:
    """However often anything happened: what is counted of events is in no band that anybody reads."""
    await town.clockwork.sweep()
    await town.write(lambda tx: tx.count(Measure.OFFERED, MONDAY.date(), 40))
    for number in range(12):
        await town.add(f"x{number}")
        for _ in range(2):
            await ask(town, f"x{number}")
    town.clock.move_to(datetime(2027, 1, 4, 10, tzinfo=UTC))
    assert "There are no figures yet." in words_of(await status(town))
    await town.clockwork.sweep()
    page = await status(town)
    assert "October to December 2026" in words_of(page)
    rows = [
        (row.label, row.said) for block in page.blocks if isinstance(block, Figures) for row in block.rows
    ]
    assert rows == [("Everybody who came", "10–14"), ("Had a talk", "0–9"), ("Went on to other help", "0–9")]
    bulletin = await town.write(lambda tx: newest_quarter(Bulletins(tx)))
    assert bulletin is not None and rows == [(one.rows[0].label, one.rows[0].band) for one in bulletin.tables]
    assert buttons(page, "bulletins")


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_the_closed_quarter_has_always_ended(today: date) -> None:
    first = closed_quarter(today)
    assert first.day == 1
    assert first.month in (1, 4, 7, 10)
    end = (first + timedelta(days=93)).replace(day=1)
    assert end <= today < (end + timedelta(days=93)).replace(day=1)


async def test_work_without_an_owner_changes_nothing_before_the_week_has_closed(town: Town) -> None:
    before = await status(town)
    await open_case_for(town, "nurse")

    def lose(tx: Tx) -> None:
        for step in tx.find(Step):
            tx.save(replace(step, rung=Rung.NOBODY))

    await town.write(lose)
    assert await status(town) == before


async def test_staffing_and_its_gaps_are_said(town: Town) -> None:
    def thin(tx: Tx) -> None:
        for grant in tx.find(Grant, role=Role.DEPUTY):
            tx.drop(Grant, grant.id)
        for member in tx.find(Member):
            tx.save(replace(member, availability=Availability.FULL))

    page = await status(town)
    able = fact(page, "With room for more")
    assert int(able) >= 2
    assert "Nobody is named" not in everything_in(page)
    await town.write(thin)
    page = await status(town)
    assert (fact(page, "Full"), fact(page, "With room for more")) == (able, "0")
    assert "Nobody is named as deputy." in words_of(page)
    assert "No practitioner has room at the moment." in words_of(page)


async def test_the_employers_page_says_what_is_closed_and_nothing_of_now(town: Town) -> None:
    await town.clockwork.sweep()

    def draw(tx: Tx) -> Done:
        site = tx.get(Site, "site")
        assert site is not None
        return employer_screen(tx.counts, None, site, town.clock.now(), ZoneInfo(site.zone))

    async def shown() -> Done:
        return await town.store.read(OrganisationId(town.organisation.id), draw)

    page = await status(town)
    assert (await shown()).title == page.title
    assert set((await shown()).blocks) < set(page.blocks)
    town.clock.move(timedelta(days=7))
    await town.clockwork.sweep()
    closed = await shown()
    assert fact(closed, "Practitioners trained and in date") == "0–9"
    assert fact(closed, "Leads and deputies") == "0–9"
    assert not any(isinstance(block, Button | Link) for block in closed.blocks)

    def fewer(tx: Tx) -> None:
        for grant in tx.find(Grant, role=(Role.PRACTITIONER, Role.DEPUTY)):
            tx.drop(Grant, grant.id)

    await town.write(fewer)
    assert await shown() == closed
    assert words_of(await status(town)) != words_of(page)


@pytest.mark.parametrize("name", ["adam", "priya", "lena", "nurse"])
async def test_only_coordinators_see_it(town: Town, name: str) -> None:
    assert refused(await town.say(name, "peer", "status"))


async def test_weeks_missed_while_the_desk_stood_still_are_all_written(town: Town) -> None:
    await begin(town, MONDAY.date() - timedelta(days=7))
    await town.clockwork.sweep()
    town.clock.move(timedelta(days=28))
    await town.write(lambda tx: tx.count(Measure.NO_OWNER, MONDAY.date() + timedelta(days=8)))
    await town.clockwork.sweep()
    weeks = await town.all(WeekStatus, order_by="id")
    good, bad = WeekSays.ON_TRACK, WeekSays.NOT_ON_TRACK
    assert [(week.id, week.says) for week in weeks] == [
        ("2026-W47", good), ("2026-W48", good), ("2026-W49", bad), ("2026-W50", good), ("2026-W51", good),
    ]  # fmt: skip
    town.clock.move(timedelta(days=7 * 100))
    await town.clockwork.sweep()
    assert len(await town.all(WeekStatus)) == 65
