"""`python -m tests.mutants`: changes the code in small ways, and says which changes no test noticed."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.mutants.equivalents import argued, out_of_date
from tests.mutants.making import Mutant, draw, places
from tests.mutants.rooms import ROOMS
from tests.mutants.running import Fate, allowance, run

ROOT = Path(__file__).resolve().parents[2]
LEAST_SHARE = 0.9
CAUGHT = (Fate.KILLED, Fate.TOO_SLOW)


def main(count: int, seed: int, minutes: float, only: str) -> int:
    """0 when at least nine in ten were noticed, else 1; 1 also when the time was too short for the sample."""
    console = Console()
    ends = time.monotonic() + minutes * 60
    rooms = [room for room in ROOMS if only in ("", room.name)]
    every = [place for room in rooms for place in places(ROOT, room)]
    reasons = argued()
    old = out_of_date(ROOT, reasons)
    for path, change in old:
        console.print(f"no longer there: {path}\n{change}", markup=False)
    drawn = draw(ROOT, every, count, seed)
    console.print(f"{len(drawn)} mutants from {len(every)} places, seed {seed}")
    seconds = {room.name: allowance(ROOT, room.tests) for room in rooms}

    def fate(mutant: Mutant) -> Fate | None:
        if (mutant.path, mutant.diff) in reasons or time.monotonic() > ends:
            return None
        one = run(ROOT, mutant, seconds[mutant.room.name])
        if one is Fate.SURVIVED:
            console.print(f"survived: {mutant.path} ({mutant.operator})\n{mutant.diff}\n", markup=False)
        return one

    with Progress(console=console) as progress, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        fates = list(progress.track(pool.map(fate, drawn), total=len(drawn), description="mutants"))
    excused = sum((mutant.path, mutant.diff) in reasons for mutant in drawn)
    not_run = sum(fate is None for fate in fates) - excused
    return _verdict(console, Counter(one for one in fates if one is not None), excused, not_run, bool(old))


def _verdict(console: Console, fates: Counter[Fate], excused: int, not_run: int, old: bool) -> int:
    caught = sum(fates[one] for one in CAUGHT)
    counted = caught + fates[Fate.SURVIVED]
    share = caught / counted if counted else 0.0
    console.print(
        f"noticed {caught} of {counted} ({share:.1%}); {fates[Fate.SURVIVED]} survived, {excused} equivalent,"
        f" {fates[Fate.STILLBORN]} stillborn, {not_run} not reached in time"
    )
    return int(share < LEAST_SHARE or not_run > 0 or old)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=300, help="how many are drawn")
    parser.add_argument("--seed", type=int, default=1, help="which are drawn")
    parser.add_argument("--minutes", type=float, default=30, help="the longest it may take")
    parser.add_argument("--only", default="", choices=["", *(room.name for room in ROOMS)], help="one room")
    asked = parser.parse_args()
    sys.exit(main(asked.sample, asked.seed, asked.minutes, asked.only))
