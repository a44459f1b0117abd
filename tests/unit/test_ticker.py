"""The ticker asks at the start and when woken, never twice at once, and outlives whatever fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from trim_bot.scheduler.ticker import LONG_SECONDS, Sweep, Ticker, Work

pytestmark = pytest.mark.anyio
NEVER = 24 * 60 * 60


class Counter:
    """Counts its calls, and lets a test wait for a number of them."""

    def __init__(self, act: Callable[[int], None] = lambda _: None) -> None:
        self.calls = 0
        self._act = act
        self._changed = asyncio.Condition()

    async def __call__(self) -> None:
        async with self._changed:
            self.calls += 1
            self._changed.notify_all()
        self._act(self.calls)

    async def reach(self, calls: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self.calls >= calls)


@asynccontextmanager
async def ticking(beat: Work, *sweeps: Sweep, failures: list[str] | None = None) -> AsyncIterator[Ticker]:
    told = [] if failures is None else failures
    ticker = Ticker(beat, sweeps, lambda name, _: told.append(name), seconds=NEVER)
    ticker.start()
    try:
        yield ticker
    finally:
        await ticker.stop()


async def test_everything_runs_once_at_the_start() -> None:
    beat, sweep = Counter(), Counter()
    async with ticking(beat, Sweep("sweep", sweep, NEVER)) as ticker:
        await beat.reach(1)
        await sweep.reach(1)
    assert (beat.calls, sweep.calls) == (1, 1)
    assert ticker.age_seconds is not None


async def test_what_has_a_first_time_waits_for_it() -> None:
    at_once, later = Counter(), Counter()
    async with ticking(Counter(), Sweep("later", later, NEVER, NEVER), Sweep("at once", at_once, NEVER)):
        await at_once.reach(1)
    assert later.calls == 0


async def test_a_wake_brings_a_beat() -> None:
    beat = Counter()
    async with ticking(beat) as ticker:
        await beat.reach(1)
        ticker.wake()
        await beat.reach(2)


async def test_a_wake_during_a_beat_is_not_lost_and_beats_never_overlap() -> None:
    at_once = most = 0
    begun, go_on = asyncio.Event(), asyncio.Event()
    counted = Counter()

    async def beat() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        begun.set()
        await go_on.wait()
        at_once -= 1
        await counted()

    async with ticking(beat) as ticker:
        await begun.wait()
        ticker.wake()
        ticker.wake()
        go_on.set()
        await counted.reach(2)
    assert (counted.calls, most) == (2, 1)


async def test_a_failure_is_told_and_ends_nothing() -> None:
    def fail_first(calls: int) -> None:
        if calls == 1:
            raise ValueError("what somebody typed")

    failures: list[str] = []
    beat = Counter(fail_first)
    async with ticking(beat, failures=failures) as ticker:
        await beat.reach(1)
        ticker.wake()
        await beat.reach(2)
    assert failures == ["beat"]


async def test_a_failing_beat_has_no_age() -> None:
    def fail(_calls: int) -> None:
        raise ValueError

    beat = Counter(fail)
    async with ticking(beat) as ticker:
        await beat.reach(1)
    assert ticker.age_seconds is None


async def test_stopping_waits_for_what_runs() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    ended = False

    async def beat() -> None:
        nonlocal ended
        begun.set()
        await go_on.wait()
        ended = True

    async with ticking(beat) as ticker:
        await begun.wait()
        stopping = asyncio.create_task(ticker.stop())
        go_on.set()
        await stopping
        assert ended
    ticker.wake()


async def test_a_beat_with_more_to_do_is_followed_at_once() -> None:
    calls = 0
    done = asyncio.Event()

    async def beat() -> bool:
        nonlocal calls
        calls += 1
        if calls == 5:
            done.set()
        return calls < 5

    async with ticking(beat):
        await done.wait()
    assert calls == 5


async def test_what_is_urgent_waits_for_no_other_beat() -> None:
    go_on, begun = asyncio.Event(), asyncio.Event()
    urgent = Counter()

    async def beat() -> None:
        begun.set()
        await go_on.wait()

    ticker = Ticker(beat, (), lambda *_: None, seconds=NEVER, urgent=urgent, urgent_seconds=NEVER)
    ticker.start()
    try:
        await begun.wait()
        await urgent.reach(1)
        ticker.wake()
        await urgent.reach(2)
    finally:
        go_on.set()
        await ticker.stop()


@pytest.mark.parametrize("hanging", ["beat", "urgent", "sweep"])
async def test_a_beat_or_a_sweep_that_hangs_grows_old_while_the_others_go_on(hanging: str) -> None:
    now, go_on, begun = 0.0, asyncio.Event(), asyncio.Event()
    works = {name: Counter() for name in ("beat", "urgent", "sweep")}

    def work(name: str) -> Work:
        async def run() -> None:
            await works[name]()
            # The sweep hangs at once; a beat after it has gone well.
            if name == hanging and works[name].calls == (1 if name == "sweep" else 2):
                begun.set()
                await go_on.wait()

        return run

    ticker = Ticker(
        work("beat"),
        [Sweep("sweep", work("sweep"), 60)],
        lambda *_: None,
        seconds=NEVER,
        urgent=work("urgent"),
        urgent_seconds=NEVER,
        monotonic=lambda: now,
    )
    ticker.start()
    try:
        while ticker.age_seconds is None:
            await asyncio.sleep(0)
        ticker.wake()
        await begun.wait()
        assert ticker.age_seconds == 0.0
        now = LONG_SECONDS + 1
        calls = {name: works[name].calls for name in {"beat", "urgent"} - {hanging}}
        ticker.wake()
        for name, before in calls.items():
            await works[name].reach(before + 1)
        assert ticker.age_seconds == LONG_SECONDS + 1
    finally:
        go_on.set()
        await ticker.stop()
    assert ticker.age_seconds < LONG_SECONDS
