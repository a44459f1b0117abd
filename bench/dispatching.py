"""What is due among a million future steps, dispatched on PostgreSQL beside Procrastinate, which others wrote."""

from __future__ import annotations

import json
import subprocess
import time

from sqlalchemy import make_url

from bench.databases import Kind
from bench.draining import looked_at, part, plan
from bench.filling import future_steps, settled
from bench.kept import copy_of, opened
from bench.population import TALKS_FROM
from bench.report import Section
from bench.result import Pair, aim_at_least, result
from bench.serving import ROOT
from bench.sizes import Sizes

PEER = ROOT / ".bench-peers" / "bin" / "python"
"""An environment with Procrastinate in it."""
MISSING = "Dispatch beside Procrastinate is left out: `make bench-peers` installs it."


async def measure(sizes: Sizes, kind: Kind) -> Section:
    """Steps looked at a second, in as many rounds as there are starts; empty where Procrastinate is not installed."""
    if not PEER.exists():
        return Section(notes=[MISSING])
    address = make_url(kind.new()).set(drivername="postgresql").render_as_string(hide_password=False)
    pairs: list[Pair] = []
    async with copy_of(plan(sizes), kind) as place, opened(place) as one:
        town = one.town
        future_steps(place.data, sizes.many_steps)
        settled(place.data)
        town.clock.move_to(TALKS_FROM)
        await town.clockwork.drain()
        for number in range(sizes.starts + 1):
            town.clock.move(part(sizes))
            begun = time.perf_counter()
            looked = await looked_at(town)
            ours = (time.perf_counter() - begun) / looked
            theirs = _theirs(address, sizes.many_steps if number == 0 else 0)
            pairs.append(Pair(ours * 1e3, theirs * 1e3))
    name = f"Dispatch among {sizes.many_steps:,} future steps, {kind.name}"
    # The first was to warm up.
    return Section(
        [result(name, "ms wall", "Procrastinate's dispatch", pairs[1:], aim_at_least(50), rate=True)]
    )


def _theirs(address: str, fill: int) -> float:
    command = [str(PEER), str(ROOT / "bench" / "procrastinate_side.py"), address, str(fill)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=900)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return float(json.loads(done.stdout)["seconds"])
