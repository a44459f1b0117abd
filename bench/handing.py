"""Fifty cases of one who serves go on to others: what that costs beside ten colleagues, and beside two hundred."""

from __future__ import annotations

import time

from bench.databases import Kind
from bench.kept import copy_of, opened
from bench.population import Plan
from bench.result import Pair, Result, aim_at_most, result
from bench.sizes import Sizes
from bench.timing import scaled
from trim_bot.app.handover.reassignment import move_on
from trim_bot.domain.steps import OPEN_STATES, Rung, Step

FEW = 10
MOST = 1.3


async def measure(sizes: Sizes, kind: Kind) -> list[Result]:
    """Each round on a copy of its own, since what has moved cannot move again."""
    many = min(sizes.practitioners, 200)
    await _moved(sizes, kind, FEW)  # not counted, for what is loaded once
    pairs = scaled(
        [Pair(await _moved(sizes, kind, many), await _moved(sizes, kind, FEW)) for _ in range(sizes.starts)],
        1e3,
    )
    name = f"{sizes.handed} cases handed over among {many} who serve, {kind.name}"
    return [result(name, "ms wall", f"among {FEW}", pairs, aim_at_most(MOST))]


async def _moved(sizes: Sizes, kind: Kind, practitioners: int) -> float:
    plan = Plan(max(sizes.few, sizes.handed), 0, sizes.handed, practitioners)
    async with copy_of(plan, kind) as place, opened(place) as one:
        town = one.town
        whose = town.ids["priya"]
        begun = time.perf_counter()
        await town.work(lambda work: move_on(work, whose, None))
        spent = time.perf_counter() - begun
        left = await town.all(Step, holder=whose, state=OPEN_STATES)
        assert not any(step.rung is Rung.ASSIGNED for step in left), "all of it has moved"
    return spent
