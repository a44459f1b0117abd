"""What falls together is told once, and nobody's time is over before it began."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.app.beginnings import open_case_for, step_of
from tests.app.cases.test_changing_hands import event
from tests.app.waiting.test_steady import change, told_at
from tests.builders import MONDAY, Town
from trim_bot.app.clock.clockwork import bring_back
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.telling import told
from trim_bot.domain.calendar import Shift, WorkingHours
from trim_bot.domain.steps import OutboxState, Outgoing, Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio
TUESDAY = datetime(2026, 11, 24, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAYS = (((time(9), time(17)),), *((),) * 6)


async def until(town: Town, at: datetime) -> None:
    town.clock.move(at - town.clock.now())
    await town.clockwork.drain()


async def passed_on(town: Town, kind: StepKind, rung: Rung, name: str = "") -> None:
    [step] = await step_of(town, kind=kind)
    await town.work(lambda work: waits.pass_to(work, step, rung, town.ids.get(name)))
    await town.clockwork.drain()


async def begun(town: Town, rung: Rung, name: str, kind: StepKind, opens: datetime | None = None) -> Step:
    def body(work: UnitOfWork) -> Step:
        step = waits.begin(work, kind, "any", rung, town.ids.get(name), opens_at=opens)
        told(work, step)
        return work.tx.find(Step, subject="any")[0]

    return await town.work(body)


async def test_a_first_contact_that_comes_overnight_is_told_by_the_steady_message_alone(town: Town) -> None:
    await event(town, "nurse")
    await until(town, TUESDAY + 16 * HOUR)
    await until(town, TUESDAY + 26 * HOUR)
    await passed_on(town, StepKind.FIRST_CONTACT, Rung.LEAD, "lena")
    [once] = (await told_at(town, TUESDAY + 35 * HOUR, "lena"))["lena"]
    assert once.time() >= time(9, 30)
    [step] = await step_of(town, kind=StepKind.FIRST_CONTACT)
    assert step.state is StepState.TOLD


async def test_one_that_comes_in_the_day_and_cannot_wait_is_still_told_at_once(town: Town) -> None:
    await event(town, "nurse")
    await until(town, TUESDAY + 11 * HOUR)
    before = len(town.messages("paul"))
    await passed_on(town, StepKind.FIRST_CONTACT, Rung.COVER, "paul")
    assert len(town.messages("paul")) == before + 1


async def theirs_and_one_that_climbs(town: Town, at: datetime) -> tuple[Step, Step]:
    """A first contact of which the lead is to hear at a moment, and one that comes to them at the same."""
    await event(town, "nurse")
    await event(town, "driver", hour=7)
    await until(town, TUESDAY + 10 * HOUR)
    own, climbs = await step_of(town, kind=StepKind.FIRST_CONTACT)

    def as_the_night_left_it(work: UnitOfWork) -> None:
        lena = town.ids["lena"]
        work.tx.save(replace(own, state=StepState.WAITING, rung=Rung.LEAD, holder=lena, due_at=at))
        paul = town.ids["paul"]
        work.tx.save(replace(climbs, state=StepState.TOLD, rung=Rung.COVER, holder=paul, due_at=at))
        work.tx.add(Outgoing("due", "waiting", lena, own.id, OutboxState.QUEUED, at))

    await town.work(as_the_night_left_it)
    town.clock.move(at - town.clock.now())
    return own, climbs


async def beaten(town: Town) -> None:
    for _ in range(4):
        await town.clockwork.beat()
        await town.clockwork.idle()


@pytest.mark.parametrize("beats", [True, False])
async def test_what_climbs_to_somebody_as_they_are_written_to_is_told_by_that_message(
    town: Town, beats: bool
) -> None:
    _, climbs = await theirs_and_one_that_climbs(town, TUESDAY + 11 * HOUR)
    before = len(town.messages("lena"))
    await (beaten(town) if beats else town.clockwork.drain())
    [climbed] = await step_of(town, id=climbs.id)
    assert (climbed.holder, climbed.state) == (town.ids["lena"], StepState.TOLD)
    assert len(town.messages("lena")) == before + 1


async def test_what_climbed_is_told_although_the_message_was_queued_for_what_is_over(town: Town) -> None:
    own, climbs = await theirs_and_one_that_climbs(town, TUESDAY + 11 * HOUR)
    before = len(town.messages("lena"))
    await town.clockwork.run_due()
    await town.clockwork.run_due()
    await town.work(lambda work: work.tx.save(replace(own, state=StepState.DONE, promised_at=None)))
    await beaten(town)
    [climbed] = await step_of(town, id=climbs.id)
    assert (climbed.holder, climbed.state) == (town.ids["lena"], StepState.TOLD)
    assert len(town.messages("lena")) == before + 1


async def test_coordinators_hear_of_one_without_an_owner_at_their_steady_time(town: Town) -> None:
    """They can do nothing about it before; a message at another time would tell them of somebody's case."""
    await event(town, "nurse")
    await until(town, TUESDAY + 11 * HOUR)
    before = len(town.messages("cora"))
    await passed_on(town, StepKind.FIRST_CONTACT, Rung.NOBODY)
    await until(town, TUESDAY + 16 * HOUR)
    assert len(town.messages("cora")) == before


async def test_days_off_between_shifts_bring_no_steady_message_a_second_time(town: Town) -> None:
    begin = MONDAY.replace(hour=8)
    shifts = tuple(Shift(begin + days * DAY, begin + days * DAY + 10 * HOUR) for days in (0, 7))
    await change(town, "paul", shifts=shifts)
    await town.clockwork.drain()
    await until(town, MONDAY.replace(hour=12))
    before = len(town.messages("paul"))
    for _ in range(3):
        await town.clockwork.bring_back()
        await town.pass_time(minutes=15)
    assert len(town.messages("paul")) == before


async def test_what_waits_for_the_end_of_days_off_is_left_where_it_is(town: Town) -> None:
    await event(town, "nurse", answer="offer_later")
    begin = MONDAY.replace(hour=6)
    shifts = tuple(Shift(begin + days * DAY, begin + days * DAY + 2 * HOUR) for days in (0, 8))
    await change(town, "paul", shifts=shifts)

    def wait(work: UnitOfWork) -> None:
        waits.begin(work, StepKind.REVIEW, "any", Rung.ASSIGNED, town.ids["paul"])
        late = Outgoing("late", "welcome", town.ids["paul"], None, OutboxState.QUEUED, work.now)
        work.tx.add(late)

    await town.work(wait)
    await town.clockwork.drain()
    [step] = await step_of(town, subject="any")
    assert step.state is StepState.WAITING
    assert step.due_at > MONDAY + 7 * DAY
    assert await town.work(bring_back) == 0


async def test_what_waits_for_the_first_of_several_to_be_back_is_left_where_it_is(town: Town) -> None:
    begin = MONDAY.replace(hour=6)
    for name, days in (("priya", 9), ("paul", 8), ("lena", 9), ("dev", 9)):
        shifts = tuple(Shift(begin + on * DAY, begin + on * DAY + 2 * HOUR) for on in (0, days))
        await change(town, name, shifts=shifts)
    await open_case_for(town, "nurse")
    await town.clockwork.drain()
    [step] = await step_of(town, kind=StepKind.ASSIGN)
    assert (step.rung, step.state) == (Rung.POOL, StepState.WAITING)
    assert MONDAY + 7 * DAY < step.due_at < MONDAY + 9 * DAY
    assert await town.work(bring_back) == 0
    await town.work(lambda work: work.tx.save(replace(step, due_at=step.due_at + 9 * DAY)))
    assert await town.work(bring_back) == 1


async def test_whoever_works_one_day_a_week_keeps_all_the_days_they_were_given(town: Town) -> None:
    await town.settle(rung_working_days=5)
    await change(town, "priya", hours=WorkingHours("Europe/London", MONDAYS))
    step = await begun(town, Rung.ASSIGNED, "priya", StepKind.REVIEW)
    assert step.due_at > MONDAY + 34 * DAY
    assert await town.work(bring_back) == 0
    await town.work(lambda work: work.tx.save(replace(step, due_at=step.due_at + 9 * DAY)))
    assert await town.work(bring_back) == 1


async def test_a_long_weekend_does_not_tell_of_a_safety_call_every_quarter_of_an_hour(town: Town) -> None:
    free = [(MONDAY + days * DAY).date() for days in (1, 2, 3, 4)]
    await town.settle(extra_holidays=tuple(free))
    await event(town, "nurse")
    await begun(town, Rung.NOBODY, "", StepKind.SAFETY)
    for _ in range(40):
        await town.pass_time(minutes=30)
    before = len(town.messages("cora"))
    for _ in range(4):
        await town.clockwork.bring_back()
        await town.pass_time(minutes=15)
    assert len(town.messages("cora")) == before


async def test_the_days_of_whoever_was_told_ahead_of_an_agreed_time_begin_with_it(town: Town) -> None:
    await town.settle(rung_working_days=1)
    agreed = MONDAY + 3 * DAY
    step = await begun(town, Rung.ASSIGNED, "priya", StepKind.REVIEW, agreed)
    assert step.due_at >= agreed + DAY
