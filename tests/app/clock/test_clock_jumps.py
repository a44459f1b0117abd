"""A clock is believed until it jumps against the time since boot, or until everybody else says otherwise."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import Town
from tests.fakes.telling import Telling
from trim_bot.app.clock.clocks import ClockCheck, TimeWatch
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import WeekStatus

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Machine:
    """Its two clocks, the truth, and what was logged."""

    def __init__(self) -> None:
        self.true = START
        self.wrong = timedelta(0)
        self.boot = timedelta(hours=3)
        self.log: list[str] = []
        self.watch = TimeWatch(lambda: self.true + self.wrong, lambda: self.boot, Telling(self.log))

    def live(self, by: timedelta) -> None:
        self.true += by
        self.boot += by

    @property
    def believed(self) -> bool:
        return self.watch.doubt() is None


def test_time_that_goes_by_is_believed_also_in_a_suspended_machine() -> None:
    machine = Machine()
    machine.live(400 * DAY)
    assert machine.believed
    assert machine.log == []


def test_a_jump_is_said_once_and_ends_when_a_platform_agrees() -> None:
    machine = Machine()
    machine.wrong = 30 * DAY
    assert not machine.believed
    machine.live(DAY)
    assert not machine.believed
    machine.watch.heard("slack", machine.true)
    assert not machine.believed
    machine.true, machine.wrong = machine.true + machine.wrong, timedelta(0)
    machine.watch.heard("slack", machine.true - POLICY.clocks_agree_within)
    assert machine.believed
    assert machine.log == ["clock not believed 720 h 0 min ahead", "clock agrees again"]


def test_it_ends_when_the_clock_is_put_right() -> None:
    machine = Machine()
    machine.wrong = -DAY
    assert not machine.believed
    machine.wrong = timedelta(0)
    assert machine.believed


def test_five_minutes_are_no_jump_and_a_second_more_is() -> None:
    machine = Machine()
    machine.wrong = POLICY.clocks_agree_within
    assert machine.believed
    machine.wrong += SECOND
    assert not machine.believed


def test_one_who_agrees_outweighs_another_who_does_not() -> None:
    machine = Machine()
    machine.watch.heard("teams", START + DAY)
    assert not machine.believed
    machine.watch.heard("database", START)
    assert machine.believed
    machine.watch.heard("teams", START + DAY)
    assert machine.believed


def test_what_was_said_before_a_jump_counts_no_more() -> None:
    machine = Machine()
    machine.watch.heard("database", START)
    machine.wrong = DAY
    assert not machine.believed
    machine.watch.heard("teams", machine.true)
    assert not machine.believed


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10_000).map(lambda n: timedelta(seconds=n)),
            st.sampled_from([timedelta(0), timedelta(minutes=4), 30 * DAY, -DAY]),
            st.sampled_from(["", "slack", "database"]),
        ),
        max_size=12,
    )
)
def test_a_clock_that_is_right_is_believed_as_soon_as_anybody_says_so(
    turns: list[tuple[timedelta, timedelta, str]],
) -> None:
    machine = Machine()
    for by, wrong, source in turns:
        machine.live(by)
        machine.wrong = wrong
        if source:
            machine.watch.heard(source, machine.true)
        if abs(wrong) > POLICY.clocks_agree_within:
            assert not machine.believed
    machine.wrong = timedelta(0)
    machine.watch.heard("slack", machine.true)
    assert machine.believed


class Note:
    """Implements the port `Notes` and a store without a clock of its own."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        return self.kept.get(name)

    async def put(self, name: str, text: str) -> None:
        self.kept[name] = text

    async def server_time(self) -> datetime | None:
        return None


@pytest.mark.anyio
async def test_what_is_kept_as_believed_is_the_moment_that_was_judged() -> None:
    """Another process measures from what is kept: a jump in between may not be kept with it."""
    right, note = [START, START], Note()
    watch = TimeWatch(
        lambda: right.pop() if right else START + 30 * DAY, lambda: timedelta(hours=3), Telling([])
    )
    assert await ClockCheck(note, note, watch, lambda: "boot").believed()
    [kept] = note.kept.values()
    assert json.loads(kept)["real"] == START.isoformat()


@pytest.mark.anyio
async def test_no_week_is_frozen_by_a_clock_that_jumped_since_it_was_judged(town: Town) -> None:
    await town.clockwork.sweep()
    town.clock.move(30 * DAY)
    await town.clockwork.sweep(lambda: False)
    assert await town.all(WeekStatus) == []
    await town.clockwork.sweep(lambda: True)
    assert await town.all(WeekStatus)
