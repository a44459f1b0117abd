"""What is due all at once: how fast it goes out beside bare commits, and how long people wait meanwhile."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from bench.databases import Kind
from bench.journeys import STORY
from bench.kept import copy_of, opened
from bench.population import SPREAD, TALKS_FROM, Plan
from bench.result import Pair, Result, aim_at_least, aim_at_most, result
from bench.sizes import Sizes
from tests.builders import Town
from tests.reading import form_of
from trim_bot.app.seam.views import Done, Form

A_SECOND = 50
P99_MS, LONGEST_MS = 50.0, 1000.0
COMMITS = 300
HELD = 5
"""Open cases of one who serves, as a site has it unless it says otherwise."""


async def measure(sizes: Sizes, kind: Kind) -> list[Result]:
    """One organisation in which everything falls due at the same moment; and a smaller one, a part at a time."""
    async with copy_of(plan(sizes), kind) as place, opened(place) as one:
        town = one.town
        calm = await _waits(town, sizes.request_seconds)
        town.clock.move_to(TALKS_FROM)
        stop = asyncio.Event()
        drain = asyncio.create_task(_drain(town, stop))
        waits = await _waits(town, sizes.request_seconds)
        stop.set()
        assert await drain > 0
        assert town.lost == []
    async with copy_of(_few(sizes), kind) as place, opened(place) as one:
        one.town.clock.move_to(TALKS_FROM)
        await one.town.clockwork.drain()
        rate = await _delivery(one.town, kind, sizes)
        assert one.town.lost == []
    name = f"{A_SECOND} requests a second during a drain of {sizes.due:,}, {kind.name}"
    return [
        rate,
        result(
            f"{A_SECOND} requests a second, p99, {kind.name}",
            "ms",
            "50 ms",
            [Pair(_share(calm, 0.99), P99_MS)],
        ),
        result(f"{name}: p99", "ms", "50 ms", [Pair(_share(waits, 0.99), P99_MS)], aim_at_most(1)),
        result("… the longest", "ms", "one second", [Pair(max(waits), LONGEST_MS)], aim_at_most(1)),
    ]


def plan(sizes: Sizes) -> Plan:
    """An organisation with as much that waits; `reminders` and `dispatching` use the same."""
    return Plan(max(sizes.few, 20), 0, 1, sizes.practitioners, waiting=sizes.due)


def _few(sizes: Sizes) -> Plan:
    """As many steps as those who serve may hold: a message tells of all that waits for somebody, few as a rule."""
    waiting = min(sizes.due, max(80, sizes.due // 100))
    return Plan(max(sizes.few, 20), 0, 1, max(1, waiting // HELD), waiting=waiting)


def part(sizes: Sizes) -> timedelta:
    """How much time to let go by for some more to fall due: a thousand, and so few that there are parts enough."""
    return timedelta(seconds=SPREAD / max(3 * (sizes.rounds + 2), sizes.due // 1_000))


async def looked_at(town: Town) -> int:
    """Let the clock look at all that is due, and queue what is told of it; how many steps that were."""
    done = 0
    while moved := await town.clockwork.run_due():
        done += moved
    assert done > 0
    return done


async def _drain(town: Town, stop: asyncio.Event) -> int:
    done = 0
    while not stop.is_set():
        done += await town.clockwork.run_due() + await town.clockwork.deliver()
        await asyncio.sleep(0)
    return done


async def _delivery(town: Town, kind: Kind, sizes: Sizes) -> Result:
    pairs: list[Pair] = []
    with _commits(kind) as commit:
        for _ in range(sizes.rounds):
            anchor = commit()
            town.clock.move(timedelta(seconds=SPREAD / (3 * (sizes.rounds + 2))))
            begun = time.perf_counter()
            looked = await looked_at(town)
            await town.clockwork.deliver()
            pairs.append(Pair((time.perf_counter() - begun) / looked * 1e3, anchor * 1e3))
    name = f"Due steps to delivery, {kind.name}"
    return result(name, "ms wall", "a bare commit", pairs, aim_at_least(0.3), rate=True)


@contextmanager
def _commits(kind: Kind) -> Iterator[Callable[[], float]]:
    """A function that tells the seconds of one bare commit of one row, as durable as the store's own."""
    if kind.server:
        plain = make_url(kind.new()).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("CREATE TABLE bare (id int PRIMARY KEY, n int)")
            connection.execute("INSERT INTO bare SELECT i, 0 FROM generate_series(0, 999) AS g(i)")
            yield lambda: _timed(
                lambda n: connection.execute("UPDATE bare SET n = n + 1 WHERE id = %s", [n % 1000])
            )
        return
    file = sqlite3.connect(Path(kind.new().removeprefix("sqlite:///")), isolation_level=None)
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE bare (id int PRIMARY KEY, n int)",
    ):
        file.execute(statement)
    file.executemany("INSERT INTO bare VALUES (?, 0)", [(n,) for n in range(1000)])
    yield lambda: _timed(lambda n: file.execute("UPDATE bare SET n = n + 1 WHERE id = ?", [n % 1000]))
    file.close()


def _timed(commit: Callable[[int], object]) -> float:
    begun = time.perf_counter()
    for number in range(COMMITS):
        commit(number)
    return (time.perf_counter() - begun) / COMMITS


async def _waits(town: Town, seconds: float) -> list[float]:
    """How long each request took in milliseconds, counted from when it was to come; half of them open, half send."""
    forms = [form_of(await town.say("nurse0", "support")) for _ in range(int(seconds * A_SECOND / 2) + 1)]
    spans: list[float] = []

    async def ask(at: float, number: int) -> None:
        if number % 2:
            seen = await town.say("nurse1", "support")
            assert isinstance(seen, Form), seen
        else:
            seen = await town.send("nurse0", forms.pop(), name="named", text=STORY, contact="After four")
            assert isinstance(seen, Done), seen
            assert seen.name == "request_received", seen
        spans.append((time.perf_counter() - at) * 1e3)

    begun = time.perf_counter()
    asked: list[asyncio.Task[None]] = []
    for number in range(max(2, int(seconds * A_SECOND))):
        at = begun + number / A_SECOND
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        asked.append(asyncio.create_task(ask(at, number)))
    await asyncio.gather(*asked)
    return spans


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
