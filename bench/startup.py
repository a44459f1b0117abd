"""What a desk for Slack alone costs to start, against one that imports every part and library there is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

from bench.result import Pair, Result, result
from bench.serving import ROOT, without_settings
from bench.sizes import Sizes
from bench.timing import alternate, scaled

EVERYTHING = "everything imported"
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


class Told(TypedDict):
    """What a started process says of itself."""

    cpu: float
    bytes: int
    modules: list[str]


def started(what: str, folder: Path) -> Told:
    """What a process tells that starts a desk for Slack, `slack` alone or beside `everything`.

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
