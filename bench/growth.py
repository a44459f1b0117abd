"""The same journeys in a small organisation and in large ones, turn by turn, and how they grow from size to size."""

from __future__ import annotations

from contextlib import AsyncExitStack

from bench.databases import Kind
from bench.journeys import JOURNEYS, Journey
from bench.kept import Opened, copy_of, opened
from bench.population import Plan
from bench.report import Curve
from bench.result import Pair, Result, aim_at_most, result
from bench.sizes import Sizes
from bench.timing import alternate, scaled
from tests.builders import Town

MOST = 1.3


def plans(sizes: Sizes) -> list[Plan]:
    """From the small organisation on; the largest is the lists' alone, a quarter of an hour to fill each time."""
    return [Plan(people, closed, 1, 10) for people, closed in sizes.towns[: max(2, len(sizes.towns) - 1)]]


async def measure(sizes: Sizes, kind: Kind) -> tuple[list[Result], list[Curve]]:
    """Each journey at each size beside the smallest one."""
    rows: list[Result] = []
    curves: list[Curve] = []
    async with AsyncExitStack() as after:
        towns = [await _opened(after, plan, kind) for plan in plans(sizes)]
        small, large = towns[0], towns[1:]
        for journey in JOURNEYS:
            curve = Curve(f"{journey.name}, {kind.name}", "people", "ms")
            for (people, closed), one in zip(sizes.towns[1 : len(towns)], large, strict=True):
                pairs = await _compared(journey, one.town, small.town, sizes.rounds)
                name = f"{journey.name}, {people:,} people, {closed:,} closed cases, {kind.name}"
                row = result(name, "ms wall", f"{sizes.towns[0][0]:,} people", pairs, aim_at_most(MOST))
                rows.append(row)
                if not curve.points:
                    curve.points.append((sizes.towns[0][0], row.anchor))
                curve.points.append((people, row.subject))
            curves.append(curve)
    return rows, curves


async def _compared(journey: Journey, large: Town, small: Town, rounds: int) -> list[Pair]:
    return scaled(
        await alternate(lambda: journey.seconds(large), lambda: journey.seconds(small), rounds), 1e3
    )


async def _opened(after: AsyncExitStack, plan: Plan, kind: Kind) -> Opened:
    place = await after.enter_async_context(copy_of(plan, kind))
    return await after.enter_async_context(opened(place))
