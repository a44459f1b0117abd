"""What a desk for Slack alone costs to start, against one that imports every part and library there is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

from bench.result import Pair, Result, at_most, result
from bench.serving import ROOT, without_settings
from bench.sizes import Sizes
from bench.timing import alternate, scaled

EVERYTHING = "everything imported"
PEERS = ROOT / ".peers" / "venv" / "bin" / "python"
"""An environment with Microsoft's library in it."""
NOT_FOR_SLACK = ("msal", "microsoft_teams", "botbuilder", "integrations.teams")
"""Modules that a desk without Teams must not load, with all that is in them."""


async def measure(sizes: Sizes, folder: Path) -> list[Result]:
    """CPU time and memory of a process that opens the desk for Slack, then ends."""
    sizes_mb: dict[str, list[float]] = {"slack": [], "everything": []}
    numbers = iter(range(1000))

    async def start(what: str) -> float:
        told = started(what, folder / f"{what}-{next(numbers)}")
        sizes_mb[what].append(told["bytes"] / 2**20)
        return told["cpu"]

    seconds = await alternate(
        lambda: start("slack"), lambda: start("everything"), sizes.starts, warm_up=False
    )
    memory = [
        Pair(ours, theirs) for ours, theirs in zip(sizes_mb["slack"], sizes_mb["everything"], strict=True)
    ]
    return [
        result("Start for Slack alone", "ms CPU", EVERYTHING, scaled(seconds, 1e3)),
        result("… memory", "MB", EVERYTHING, memory),
    ]


async def measure_teams(sizes: Sizes, folder: Path) -> list[Result]:
    """CPU time of a start for Teams, and of what Teams adds to a start, against importing Microsoft's library.

    The library is imported and no more: no store, no keys, no desk. Empty where `make peers` has not installed it.
    """
    if not PEERS.exists():
        return []
    numbers = iter(range(1000))

    def start(what: str) -> float:
        return started(what, folder / f"{what}-teams-{next(numbers)}")["cpu"]

    async def whole() -> float:
        return start("teams")

    async def added() -> float:
        return max(start("both") - start("slack"), 0.0)

    async def bare() -> float:
        command = [
            str(PEERS),
            "-W",
            "ignore",
            "-c",
            "import microsoft_teams.apps, time; print(time.process_time())",
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=True)
        return float(done.stdout)

    against = "a bare import of microsoft_teams.apps"
    starts = await alternate(whole, bare, sizes.starts, warm_up=False)
    adding = await alternate(added, bare, sizes.starts, warm_up=False)
    return [
        result("Start for Teams alone, the whole desk", "ms CPU", against, scaled(starts, 1e3)),
        result("… what Teams adds to a start", "ms CPU", against, scaled(adding, 1e3), at_most(0.8)),
    ]


class Told(TypedDict):
    """What a started process says of itself."""

    cpu: float
    bytes: int
    modules: list[str]


def started(what: str, folder: Path) -> Told:
    """What a process tells that starts a desk for `slack`, alone or beside `everything`, for `teams`, or for `both`.

    Fails when the former loads a module it has no need of.
    """
    folder.mkdir()
    command = [sys.executable, "-m", "bench.starting", what]
    environment = without_settings(os.environ) | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    told: Told = json.loads(done.stdout)
    needless = [name for name in told["modules"] if name.startswith(NOT_FOR_SLACK)]
    assert what != "slack" or needless == [], f"loaded without need: {needless[:3]}"
    return told
