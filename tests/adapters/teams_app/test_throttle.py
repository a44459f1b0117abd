"""Nothing is asked faster than Microsoft allows, whoever comes first goes first, and nobody waits for long."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.teams.web_api import LONGEST_WAIT, SENDS, TENANT, Throttle, TurnQueue, Windows
from tests.adapters.teams_app.going_out import SlowTime
from trim_bot.domain.errors import TryLater

pytestmark = pytest.mark.anyio
GAPS = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.01, 0.2, 1.0, 7.5]), max_size=200)


def begun(windows: Windows, gaps: list[float]) -> list[tuple[float, float]]:
    """When each came, and when its turn was."""
    line, now, turns = TurnQueue(windows), 0.0, []
    for gap in gaps:
        now += gap
        turn = line.next_turn(now)
        line.take(turn)
        turns.append((now, turn))
    return turns


@given(GAPS, st.sampled_from([TENANT, SENDS, ((1.0, 2), (3.0, 3))]))
def test_no_span_ever_holds_more_than_its_windows_allow(gaps: list[float], windows: Windows) -> None:
    turns = [turn for _, turn in begun(windows, gaps)]
    for span, most in windows:
        for first, beyond in zip(turns, turns[most:], strict=False):
            assert beyond - first >= span - 1e-9


@given(GAPS)
def test_turns_keep_their_order_and_nobody_waits_without_need(gaps: list[float]) -> None:
    turns = begun(((1.0, 2),), gaps)
    assert all(one <= other for (_, one), (_, other) in pairwise(turns))
    for at, (came, turn) in enumerate(turns):
        assert turn >= came
        if turn > came:
            before = [one for _, one in turns[:at]]
            full = len(before) >= 2 and turn == pytest.approx(before[-2] + 1.0)
            assert full or turn == before[-1], "either the window is full, or somebody is in front"


async def test_a_tenant_gets_fifty_a_second_and_another_one_its_own() -> None:
    time = SlowTime()
    throttle = Throttle(time.monotonic, time.pause)
    starts: dict[str, list[float]] = {"one": [], "two": []}

    async def go(tenant: str, number: int) -> None:
        await throttle.turn(tenant, f"{tenant} {number}")
        starts[tenant].append(time.now)

    await asyncio.gather(*(go("one", number) for number in range(120)), go("two", 0))
    assert starts["two"] == [0.0]
    assert [starts["one"].count(second) for second in (0.0, 1.0, 2.0)] == [50, 50, 20]


async def test_a_busy_conversation_holds_up_nobody_else() -> None:
    time = SlowTime()
    throttle = Throttle(time.monotonic, time.pause)
    starts: list[tuple[str, float]] = []

    async def go(thread: str) -> None:
        await throttle.turn("tenant", thread)
        starts.append((thread, time.now))

    await asyncio.gather(*(go("busy") for _ in range(8)), *(go(f"calm {number}") for number in range(20)))
    assert {second for thread, second in starts if thread.startswith("calm")} == {0.0}
    busy = [second for thread, second in starts if thread == "busy"]
    assert (busy[:7], busy[7]) == ([0.0] * 7, 1.0)


async def test_who_would_wait_for_long_comes_again_later_and_takes_no_turn() -> None:
    time = SlowTime()
    throttle = Throttle(time.monotonic, time.pause)
    await asyncio.gather(*(throttle.turn("tenant", "thread") for _ in range(8)))
    waits = []
    for _ in range(60):
        try:
            await throttle.turn("tenant", "thread")
        except TryLater as later:
            waits.append(later.after_seconds)
    assert waits and all(wait is not None and LONGEST_WAIT < wait <= 30 for wait in waits)
    await throttle.turn("tenant", "another")


async def test_many_conversations_are_not_looked_through_at_every_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("integrations.teams.web_api.MOST_THREADS", 10)
    looks = [0]

    class Counted(TurnQueue):
        def is_idle(self, now: float) -> bool:
            looks[0] += 1
            return super().is_idle(now)

    monkeypatch.setattr("integrations.teams.web_api.TurnQueue", Counted)
    time = SlowTime()
    throttle = Throttle(time.monotonic, time.pause)
    for number in range(640):
        await throttle.turn(f"tenant {number}", str(number))
    assert looks[0] <= 2 * 640


async def test_conversations_that_are_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.teams.web_api.MOST_THREADS", 3)
    time = SlowTime()
    throttle = Throttle(time.monotonic, time.pause)
    for number in range(3):
        await throttle.turn("tenant", str(number))
    time.now += 3601
    await throttle.turn("tenant", "new")
    assert len(throttle._threads) == 1
