"""`make simulate`: towns for as long as one likes; ends with 1 and the command to have it again if one broke."""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor, wait
from itertools import count, islice
from pathlib import Path

from tests.simulator.findings import Rule
from tests.simulator.living import WEEKS
from tests.simulator.partial import EVERY, Shares
from tests.simulator.report import Fault, as_json, in_words
from tests.simulator.running import BOTH, POSTGRESQL, SQLITE, run
from tests.simulator.tally import Tally

SECONDS = 60.0
"""How long a run lasts for which nothing else was said."""


def main() -> int:
    """Read the options, run, and report."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument(
        "--seconds",
        type=float,
        help="end after this long, in the middle of a town too; 60, or with --towns never",
    )
    parser.add_argument("--seed", type=int, default=None, help="the first town's seed; drawn if left out")
    parser.add_argument("--towns", type=int, default=0, help="how many towns at most; 0 for no limit")
    parser.add_argument("--weeks", type=int, default=WEEKS, help="how long a town lives")
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL, BOTH), default=BOTH)
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--without", action="append", default=[], choices=[one.value for one in Rule])
    parser.add_argument(
        "--out", type=Path, help="keep the report here too, as .json and .txt, anew every minute"
    )
    parser.add_argument("--json", action="store_true", help="report as JSON")
    chosen = parser.parse_args()
    seed = random.randrange(1_000_000) if chosen.seed is None else chosen.seed
    processes = max(1, min(chosen.processes, chosen.towns or chosen.processes))
    # A seed that is lived again to see a fault must not end before it, only because the machine is busy.
    seconds = chosen.seconds or (float("inf") if chosen.towns else SECONDS)
    begun = time.monotonic()
    jobs = [
        (seed, number, processes, chosen.towns, chosen.database, chosen.weeks, seconds, chosen.without)
        for number in range(processes)
    ]
    shares = Shares(chosen.out)
    with ProcessPoolExecutor(processes) as pool:
        running = [pool.submit(_share, *job, shares) for job in jobs]
        while wait(running, timeout=EVERY).not_done:
            shares.tell(f"from {seed}, still running", time.monotonic() - begun)
        done = [one.result() for one in running]
    tally, faults, last = Tally(), [], seed
    for one, found, until in done:
        tally.add(one)
        faults += found
        last = max(last, until)
    seeds, lasted = f"{seed} to {last}", time.monotonic() - begun
    shares.write(tally, faults, seeds, lasted)
    report = as_json if chosen.json else in_words
    sys.stdout.write(report(tally, faults, seeds, lasted) + "\n")
    return 1 if faults else 0


def _share(
    seed: int,
    number: int,
    processes: int,
    towns: int,
    database: str,
    weeks: int,
    seconds: float,
    without: list[str],
    shares: Shares,
) -> tuple[Tally, list[Fault], int]:
    """Every n-th pair of seeds, so that each process meets both databases."""
    mine = (one for one in count(seed) if ((one - seed) // 2) % processes == number)
    limit = None if not towns else sum(((one // 2) % processes) == number for one in range(towns))
    until = time.monotonic() + seconds
    tally, faults, begun = run(
        islice(mine, limit),
        database,
        weeks,
        until=until,
        muted=frozenset(map(Rule, without)),
        told=shares.teller(number),
    )
    return tally, faults, seed + 2 * processes * (begun // 2)


if __name__ == "__main__":
    raise SystemExit(main())
