"""Lists of a hundred and fifty, drawn by a process that has just begun, beside the same list once it is warm."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TypedDict

from bench.databases import Kind
from bench.journeys import LISTS
from bench.kept import Place, copy_of
from bench.population import Plan
from bench.result import Pair, Result, aim_at_most, result
from bench.serving import ROOT
from bench.sizes import Sizes
from bench.timing import scaled

MOST = 2.0


class Told(TypedDict):
    """Seconds, as `bench.cold` prints them."""

    begin: float
    cold: float
    warm: float


async def measure(sizes: Sizes, kind: Kind) -> list[Result]:
    """Each list cold and warm, in as many processes as there are starts."""
    rows: list[Result] = []
    people, closed = sizes.towns[-1]
    plan = Plan(people, closed, sizes.listed, sizes.practitioners)
    async with copy_of(plan, kind) as place:
        for name, journey in LISTS.items():
            told = [_drawn(place, name) for _ in range(sizes.starts)]
            pairs = scaled([Pair(one["cold"], one["warm"]) for one in told], 1e3)
            title = f"{journey.name}, {sizes.listed} cases, {sizes.practitioners} who serve, {kind.name}"
            rows.append(result(title, "ms cold", "the same, warm", pairs, aim_at_most(MOST)))
        begun = scaled([Pair(one["begin"], one["warm"]) for one in told], 1e3)
        rows.append(result(f"The first gesture of a process, {kind.name}", "ms wall", "a warm list", begun))
    return rows


def _drawn(place: Place, name: str) -> Told:
    command = [sys.executable, "-m", "bench.cold", place.data, place.keys, str(place.note), name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=600)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    told: Told = json.loads(done.stdout)
    return told
