"""A message of the day that comes late is the next one, where that comes the same day; nobody gets two."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.app.beginnings import open_case_for, step_of
from tests.app.waiting.test_steady import SERVING, change, told_at
from tests.app.waiting.test_telling import agree
from tests.builders import Town
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.calendar import Shift, WorkingHours
from trim_bot.domain.errors import TryLater
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.steps import OutboxState, Outgoing, StepKind, StepState

pytestmark = pytest.mark.anyio
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY = datetime(2026, 11, 24, tzinfo=UTC)
WEDNESDAY, FRIDAY, MONDAY_AFTER = TUESDAY + DAY, TUESDAY + 3 * DAY, TUESDAY + 6 * DAY
Happens = Callable[[Town, datetime], Awaitable[None]]


async def go_to(town: Town, at: datetime) -> None:
    """Let both times go on, and nothing be done."""
    town.clock.pass_time(at - town.clock.now())


async def queued(town: Town) -> list[Outgoing]:
    return await town.all(Outgoing, kind=MessageKind.STEADY.value, state=OutboxState.QUEUED)


async def nothing_runs(town: Town, until: datetime) -> None:
    """The worker was down: over a night, a weekend, or while a new version was put in place."""
    await go_to(town, until)


async def the_platform_is_away(town: Town, until: datetime) -> None:
    town.slack.always |= {town.actor(name).address.text: TryLater() for name in SERVING}
    while town.clock.now() < until:
        await go_to(town, min(town.clock.now() + HOUR, until))
        await town.clockwork.drain()
    town.slack.always.clear()


async def a_backup_comes_back(town: Town, until: datetime) -> None:
    """What is queued is what was queued days ago."""
    before = await queued(town)
    while town.clock.now() < until:
        await go_to(town, min(town.clock.now() + 6 * HOUR, until))
        await town.clockwork.drain()

    def restore(tx: Tx) -> None:
        for one in tx.find(Outgoing, kind=MessageKind.STEADY.value, state=OutboxState.QUEUED):
            tx.drop(Outgoing, one.id)
        for one in before:
            tx.drop(Outgoing, one.id)
            tx.add(one)

    await town.write(restore)
    town.slack.sent.clear()


async def a_lease_is_lost(town: Town, until: datetime) -> None:
    """A worker claimed them all and was never heard of again."""
    await go_to(town, max(one.due_at for one in await queued(town)))
    await town.store.claim_outgoing(town.clock.now(), town.clock.real(), 3600, 100, urgent=False)
    await town.clockwork.drain()
    await go_to(town, until)


async def the_clock_stood_behind(town: Town, until: datetime) -> None:
    """Three days behind until it was put right."""
    right = town.clock.now()
    town.clock.move_to(right - 3 * DAY)
    while right < until:
        step = min(6 * HOUR, until - right)
        right += step
        town.clock.pass_time(step)
        await town.clockwork.drain()
    town.clock.move_to(until)


async def the_clock_ran_ahead(town: Town, until: datetime) -> None:
    """By a week, before anybody's moment of the day, and was put right."""
    await go_to(town, until)
    town.clock.move_to(until + 7 * DAY)
    await town.clockwork.drain()
    town.clock.move_to(until)
    await town.clockwork.bring_back()


async def the_site_writes_later(town: Town, until: datetime) -> None:
    """Their moment comes, and is a later one since this morning."""
    await go_to(town, until)
    await town.settle(steady_at=time(11))


ALL = (
    nothing_runs,
    the_platform_is_away,
    a_backup_comes_back,
    a_lease_is_lost,
    the_clock_stood_behind,
    the_clock_ran_ahead,
    the_site_writes_later,
)


async def on_day(town: Town, day: datetime, *names: str) -> list[list[time]]:
    """When each is written to on a day, every minute of its morning looked at, and now and then afterwards."""
    found = await told_at(town, day + 12 * HOUR, *names)
    for _ in range(11):
        counts = {name: len(town.messages(name)) for name in names}
        await town.pass_time(hours=1)
        for name in names:
            found[name] += [town.clock.now()] * (len(town.messages(name)) - counts[name])
    return [[at.time() for at in found[name]] for name in names]


@pytest.mark.parametrize("day", [WEDNESDAY, FRIDAY, MONDAY_AFTER], ids=["a night", "days", "a weekend"])
@pytest.mark.parametrize("happens", ALL)
async def test_over_shortly_before_their_moment_it_comes_then_and_once(
    town: Town, happens: Happens, day: datetime
) -> None:
    await town.clockwork.drain()
    await happens(town, day + 9 * HOUR)
    first = time(11) if happens is the_site_writes_later else time(9, 30)
    for times in await on_day(town, day, *SERVING):
        assert len(times) == 1
        assert first <= times[0] <= (datetime.combine(day, first) + timedelta(minutes=20)).time()


@pytest.mark.parametrize("at", [time(10), time(13), time(16, 59)])
async def test_once_their_moment_of_the_day_is_over_it_comes_at_once(town: Town, at: time) -> None:
    await town.clockwork.drain()
    await nothing_runs(town, datetime.combine(WEDNESDAY, at, UTC))
    await town.clockwork.drain()
    assert [len(town.messages(name)) for name in SERVING] == [1] * 5
    await go_to(town, FRIDAY)
    await town.clockwork.drain()
    assert {one.due_at.date() for one in await queued(town)} == {FRIDAY.date()}


NIGHTS = WorkingHours("Europe/London", (((time(22), time(6)),),) * 7)
IN_TWO = WorkingHours("Europe/London", (((time(6), time(8)), (time(14), time(18))),) * 7)
SHIFTS = tuple(Shift(TUESDAY + days * DAY + 8 * HOUR, TUESDAY + days * DAY + 16 * HOUR) for days in (0, 3, 4))


@pytest.mark.parametrize(
    ("fields", "over", "at_once"),
    [
        ({"hours": NIGHTS}, WEDNESDAY + 22 * HOUR, False),
        ({"hours": NIGHTS}, WEDNESDAY + 2 * HOUR, True),
        ({"hours": NIGHTS}, WEDNESDAY + 12 * HOUR, False),
        ({"hours": IN_TWO}, WEDNESDAY + 6 * HOUR, False),
        ({"hours": IN_TWO}, WEDNESDAY + 7 * HOUR, True),
        ({"hours": IN_TWO}, WEDNESDAY + 15 * HOUR, True),
        ({"shifts": SHIFTS}, FRIDAY + 8 * HOUR, False),
        ({"shifts": SHIFTS}, FRIDAY + 15 * HOUR, True),
    ],
)
async def test_a_day_is_a_day_of_their_work(
    town: Town, fields: dict[str, object], over: datetime, *, at_once: bool
) -> None:
    """A night's message waits for the next night's where that has begun, and never half a day for it."""
    await change(town, "paul", **fields)
    await town.clockwork.drain()
    await nothing_runs(town, over)
    await town.clockwork.drain()
    assert len(town.messages("paul")) == at_once
    for _ in range(24):
        await town.pass_time(minutes=30)
    assert len(town.messages("paul")) == 1


async def test_on_a_day_without_a_message_a_late_one_does_not_wait_for_another(town: Town) -> None:
    await town.settle(steady_days=(1, 3))
    await town.clockwork.drain()
    await nothing_runs(town, WEDNESDAY + 9 * HOUR)
    await town.clockwork.drain()
    assert [len(town.messages(name)) for name in SERVING] == [1] * 5


async def test_a_time_agreed_before_their_moment_is_told_at_once(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await town.clockwork.drain()
    await agree(town, FRIDAY + 9.5 * HOUR)
    await nothing_runs(town, WEDNESDAY + 12 * HOUR)
    await town.clockwork.drain()
    await nothing_runs(town, FRIDAY + 9 * HOUR)
    town.slack.sent.clear()
    await town.clockwork.drain()
    assert (len(town.messages("priya")), len(town.messages("paul"))) == (1, 0)
    step, *_ = await step_of(town, kind=StepKind.CHECK_IN)
    assert step.state is StepState.TOLD


async def test_a_desk_that_is_up_only_before_their_moment_still_writes(town: Town) -> None:
    await town.clockwork.drain()
    for day in range(1, 4):
        await nothing_runs(town, TUESDAY + day * DAY + 9 * HOUR)
        await town.clockwork.drain()
    assert [len(town.messages(name)) for name in SERVING] == [1] * 5
