"""Of what waits for anybody a random few are told, so that not to be told is usual, and nobody and nothing is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.app.asking import CANARY, ask, its_step, the_request
from tests.app.beginnings import open_case_for, refused
from tests.builders import MONDAY, Town
from tests.reading import buttons, everything_in, words_of
from trim_bot.app.people.eligible import LINE
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Done, View
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import draw
from trim_bot.app.waiting.hours import HalfDay, half_days
from trim_bot.app.waiting.ladder import pool
from trim_bot.domain.calendar import WorkingHours
from trim_bot.domain.ids import MemberId, new_id
from trim_bot.domain.people import Availability, Member, ReportingLine, Role
from trim_bot.domain.steps import Rung, Step, StepKind

AS_DRAWN = True
pytestmark = pytest.mark.anyio
HALF = timedelta(hours=4)


async def team_of(many: int) -> Town:
    """A town with so many practitioners, a lead and a deputy who take nothing themselves, and somebody to ask."""
    town = Town()
    await town.found()
    for number in range(many):
        await town.add(f"p{number}", Role.PRACTITIONER)
    await town.add("lena", Role.LEAD)
    await town.add("dev", Role.DEPUTY)
    await town.add("nurse")
    return town


def names(town: Town, ids: list[MemberId]) -> set[str]:
    return {name for name, id in town.ids.items() if id in ids}


async def told(town: Town, step: Step) -> set[str]:
    return names(town, await town.work(lambda work: draw.drawn(work, step)))


async def line(town: Town, person: str, manager: str) -> None:
    """One reports to the other."""
    below, above = (town.actor(name).address.text for name in (person, manager))
    await town.write(lambda tx: tx.add(ReportingLine(new_id(), tx.keyed(LINE, below), tx.keyed(LINE, above))))


def this_half(work: UnitOfWork) -> HalfDay:
    return half_days(work, work.now)[-1]


async def half_day_at(town: Town, at: datetime) -> HalfDay:
    town.clock.move(at - town.clock.now())
    return await town.work(this_half)


async def test_half_days_are_halves_of_the_sites_working_time() -> None:
    town = await team_of(1)
    day = MONDAY.replace(hour=0)
    morning, noon, evening = (day + timedelta(hours=hour) for hour in (9, 13, 17))
    next_morning, next_monday = morning + timedelta(days=1), morning + timedelta(days=7)
    assert await half_day_at(town, MONDAY) == HalfDay(morning, noon)
    assert await half_day_at(town, noon) == HalfDay(noon, next_morning)
    assert await half_day_at(town, evening + timedelta(hours=9)) == HalfDay(noon, next_morning)
    saturday = day + timedelta(days=5, hours=11)
    assert await half_day_at(town, saturday) == HalfDay(noon + timedelta(days=4), next_monday)


async def test_where_the_site_is_never_open_half_a_day_of_the_calendar_counts() -> None:
    town = await team_of(1)
    await town.settle(hours=WorkingHours("Europe/London", ((),) * 7))
    found = await town.work(this_half)
    assert (found.start, found.end) == (MONDAY.replace(hour=0), MONDAY.replace(hour=12))


@pytest.mark.parametrize(("many", "few"), [(1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (9, 3), (40, 3)])
async def test_at_most_half_are_told_and_never_more_than_the_site_says(many: int, few: int) -> None:
    town = await team_of(many)
    await ask(town)
    assert len(await told(town, await its_step(town))) == few
    await town.settle(most_told=1)
    assert len(await told(town, await its_step(town))) == 1


async def test_looking_again_draws_nothing_new_and_the_next_half_day_does() -> None:
    town = await team_of(12)
    await ask(town)
    step = await its_step(town)
    draws = []
    for _ in range(12):
        now = await told(town, step)
        town.clock.move(timedelta(hours=2))
        assert await told(town, step) == now, "the half day is not over"
        draws.append(now)
        hour = town.clock.now().hour
        town.clock.move(timedelta(hours=2) if hour < 13 else timedelta(hours=18))
    assert len({frozenset(one) for one in draws}) > 6


@pytest.mark.parametrize("many", [1, 2, 3, 8])
async def test_within_some_days_everybody_who_may_take_it_is_told(many: int) -> None:
    town = await team_of(many)
    await ask(town)
    step = await its_step(town)
    seen: set[str] = set()
    for _ in range(100):
        seen |= await told(town, step)
        town.clock.move(HALF)
    assert seen == {f"p{number}" for number in range(many)}


async def test_every_page_follows_the_draw_and_says_the_same_to_all_others() -> None:
    town = await team_of(6)
    await ask(town)
    await town.clockwork.drain()
    step = await its_step(town)
    few = await told(town, step)
    others = {f"p{number}" for number in range(6)} - few
    assert {name for name in few | others if await town.waiting(name)} == few
    pages = [words_of(await town.say(name, "waiting")) for name in others]
    assert len({page.replace(town.ids[name], "") for page, name in zip(pages, others, strict=True)}) == 1
    listed = [await town.say(name, "peer", "due") for name in others]
    assert not any(buttons(view, "open") for view in listed)


async def request_page(town: Town, name: str) -> View:
    return await town.press(name, await town.say(name, "waiting"), "open")


async def test_who_was_told_earlier_may_still_take_it_and_who_never_was_may_not() -> None:
    town = await team_of(6)
    await ask(town)
    await town.clockwork.drain()
    first = await told(town, await its_step(town))
    one = sorted(first)[0]
    page = await request_page(town, one)
    while one in await told(town, await its_step(town)):
        town.clock.move(HALF)
    # Not in their list any more, but what they opened then is good.
    assert not await town.waiting(one)
    ever = set(first)
    town.clock.move(MONDAY - town.clock.now())
    stranger = sorted({f"p{number}" for number in range(6)} - ever)[0]
    lent = buttons(page, "take_request")[0].token
    stolen = await town.press(
        stranger, Done("request", "", tuple(buttons(page, "take_request"))), "take_request"
    )
    assert lent and refused(stolen)
    assert "moved to someone else" in words_of(stolen)
    await town.press(one, page, "take_request")
    assert (await the_request(town)).taken_by == town.ids[one]


@pytest.mark.parametrize("many", [1, 2, 3, 7])
async def test_what_nobody_takes_climbs_all_the_same(many: int) -> None:
    town = await team_of(many)
    await ask(town)
    town.clock.move(timedelta(hours=5))
    for _ in range(4 * 24):
        await town.pass_time(hours=1)
        if (await its_step(town)).rung is Rung.LEAD:
            break
    step = await its_step(town)
    assert (step.rung, step.holder) == (Rung.LEAD, town.ids["lena"])


async def test_somebody_drawn_hears_of_it_in_every_half_day_in_which_anybody_could() -> None:
    """Hours that differ: those who are at work only on some days, or not at the time of the others' message."""
    town = await team_of(3)
    week = ((time(14), time(18)),)
    late = WorkingHours("Europe/London", (week,) * 5 + ((),) * 2)
    for name in ("p0", "p1"):
        await works(town, name, late)
    await ask(town)
    step = await its_step(town)
    for day in range(1, 20):
        town.clock.move(MONDAY.replace(hour=9) + timedelta(days=7 * day) - town.clock.now())
        assert await told(town, step) == {"p2"}, "nobody else hears in a morning"
        town.clock.move(timedelta(hours=5))
        assert await told(town, step) & {"p0", "p1"}


async def works(town: Town, name: str, hours: WorkingHours) -> None:
    """Somebody has hours of their own."""

    def body(tx: Tx) -> None:
        member = tx.get(Member, town.ids[name])
        assert member is not None
        tx.save(replace(member, hours=hours))

    await town.write(body)


async def goes_away(town: Town, name: str) -> None:
    """Somebody is away."""

    def body(tx: Tx) -> None:
        member = tx.get(Member, town.ids[name])
        assert member is not None
        tx.save(replace(member, availability=Availability.AWAY))

    await town.write(body)


async def test_whoever_says_not_me_makes_room_for_another() -> None:
    town = await team_of(2)
    await ask(town)
    await town.clockwork.drain()
    for _ in range(2):
        [name] = await told(town, await its_step(town))
        await town.press(name, await request_page(town, name), "pass_request")
    step = await its_step(town)
    assert (step.rung, step.holder) == (Rung.LEAD, town.ids["lena"])


async def test_a_case_without_anybody_is_shown_to_a_few_too() -> None:
    town = await team_of(8)
    await open_case_for(town, "nurse")
    await town.clockwork.drain()
    [step] = [one for one in await town.work(lambda work: work.tx.find(Step)) if one.kind is StepKind.ASSIGN]
    assert step.rung is Rung.POOL
    few = await told(town, step)
    assert len(few) == 3
    seeing = {f"p{number}" for number in range(8) if await town.waiting(f"p{number}")}
    assert seeing == few
    one = sorted(few)[0]
    page = await town.press(one, await town.say(one, "waiting"), "open")
    stranger = sorted({f"p{number}" for number in range(8)} - few)[0]
    held = Done("take", "", tuple(buttons(page, "take_case")))
    assert refused(await town.press(stranger, held, "take_case"))
    await town.press(one, page, "take_case")
    assert "Nurse" in words_of(await town.say(one, "peer", "cases"))


@settings(max_examples=25)
@given(
    many=st.integers(2, 9),
    requests=st.integers(1, 4),
    most=st.integers(1, 20),
    hours=st.lists(st.integers(1, 40), min_size=1, max_size=4),
    away=st.sets(st.integers(1, 8), max_size=3),
)
def test_not_to_be_told_is_never_a_managers_alone(
    many: int, requests: int, most: int, hours: list[int], away: set[int]
) -> None:
    """In the world with the line and in that without, at least half of all who serve are told nothing of a request.

    So a list that shows one less says nothing: each peer's does too. Content never reaches the manager.
    """

    async def world(*, reports: bool) -> list[tuple[int, int]]:
        town = await team_of(many)
        await town.settle(most_told=most)
        for number in away & set(range(1, many)):
            await goes_away(town, f"p{number}")
        for number in range(requests):
            await town.add(f"asks{number}")
            if reports:
                await line(town, f"asks{number}", "p0")
            await ask(town, f"asks{number}")
        seen = []
        for step_by in hours:
            await town.clockwork.drain()
            steps = [
                one
                for one in await town.work(lambda work: work.tx.find(Step))
                if one.kind is StepKind.REQUEST and one.rung is Rung.POOL
            ]
            for step in steps:
                few = await told(town, step)
                eligible = await town.work(lambda work: pool(work, step))  # noqa: B023
                seen.append((len(eligible), len(few)))
                assert few <= names(town, eligible)
                if reports:
                    assert "p0" not in few
            if reports:
                for words in (("waiting",), ("peer", "due"), ("home",)):
                    page = await town.say("p0", *words)
                    assert not buttons(page, "open") and CANARY not in everything_in(page)
            town.clock.move(timedelta(hours=step_by))
        return seen

    for reports in (True, False):
        for eligible, few in asyncio.run(world(reports=reports)):
            assert few >= 1 or not eligible
            assert few <= max(1, eligible // 2)
