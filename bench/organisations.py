"""What the clock does for two thousand organisations in which nothing waits, beside what it does for one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

from bench.databases import Kind
from bench.kept import copy_of, opened
from bench.population import Plan
from bench.report import Curve
from bench.result import Pair, Result, aim_at_most, result
from bench.sizes import Sizes
from bench.timing import alternate, scaled, typical
from tests.builders import Town

Act = Callable[[Town], Awaitable[object]]


async def measure(sizes: Sizes, kind: Kind) -> tuple[list[Result], list[Curve]]:
    """A tick, the daily look for messages to queue, and a sweep with a week to close."""
    async with AsyncExitStack() as after:
        towns: dict[int, Town] = {}
        for others in (0, sizes.organisations):
            place = await after.enter_async_context(copy_of(Plan(10, 0, 1, 2, others=others), kind))
            towns[others] = (await after.enter_async_context(opened(place))).town
        few, many = towns[0], towns[sizes.organisations]
        rows: list[Result] = []
        curves: list[Curve] = []
        for name, act, times, goal in (
            ("A tick with nothing due", _tick, sizes.ticks, aim_at_most(1.3)),
            ("Messages of the day, looked for", _steady, 1, None),
            ("A sweep with a week to close", _week, 1, None),
        ):
            rounds = sizes.rounds if times > 1 else min(2, sizes.rounds)
            pairs = await _compared(act, few, many, times, rounds)
            title = f"{name}, {sizes.organisations:,} organisations, {kind.name}"
            rows.append(result(title, "ms wall", "one organisation", pairs, goal))
            curves.append(
                Curve(
                    f"{name}, {kind.name}",
                    "organisations",
                    "ms",
                    [(1, rows[-1].anchor), (sizes.organisations, rows[-1].subject)],
                )
            )
    return rows, curves


async def _compared(act: Act, few: Town, many: Town, times: int, rounds: int) -> list[Pair]:
    return scaled(
        await alternate(
            lambda: typical(lambda: act(many), times), lambda: typical(lambda: act(few), times), rounds
        ),
        1e3,
    )


async def _tick(town: Town) -> None:
    await town.clockwork.run_due()


async def _steady(town: Town) -> None:
    await town.clockwork.keep_steady()


async def _week(town: Town) -> None:
    town.clock.move(timedelta(days=7))
    await town.clockwork.sweep()
