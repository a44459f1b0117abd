"""Measures what the owner of a chat can guess: `python -m tests.owner --towns N --seed S`, for all settings or one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial

from tests.owner.clues import Wondered, wondered
from tests.owner.figures import PLANTED, Measured, keep
from tests.owner.measuring import advantages
from tests.owner.planting import PLANTS
from tests.owner.settings import DEFAULT, SETTINGS, Setting
from tests.owner.towns import played


def main() -> int:
    """Read the options, live the towns, and report; with `--write` also on the page of figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.owner", description=__doc__)
    parser.add_argument("--towns", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="of the first town; the others follow")
    parser.add_argument("--setting", action="append", choices=[one.key for one in SETTINGS])
    parser.add_argument("--plant", action="append", choices=list(PLANTS), help="put a leak into the desk")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write docs/trust/figures.md")
    chosen = parser.parse_args()
    towns = range(chosen.seed, chosen.seed + chosen.towns)
    with ProcessPoolExecutor(max(1, chosen.processes)) as pool:
        for key, setting, plant in _asked(chosen.setting or (), chosen.plant or ()):
            lived = pool.map(partial(_of_one_town, setting, plant), towns, chunksize=4)
            measured = Measured(
                key, len(towns), towns[0], tuple(advantages([one for town in lived for one in town]))
            )
            _tell(measured)
            if chosen.write:
                keep([measured])
    return 0


def _asked(settings: Collection[str], plants: Collection[str]) -> Iterator[tuple[str, Setting, str]]:
    """What was asked for, one after the other; all settings where nothing was."""
    if settings or not plants:
        yield from ((one.key, one, "") for one in SETTINGS if one.key in (settings or [one.key]))
    yield from ((PLANTED + name, DEFAULT, name) for name in plants)


def _of_one_town(setting: Setting, plant: str, seed: int) -> list[Wondered]:
    with PLANTS[plant]() if plant else nullcontext():
        return list(wondered(played(seed, setting)))


def _tell(measured: Measured) -> None:
    for one in measured.advantages:
        print(
            f"{measured.key:18} {one.question.name:7} {one.attacker.name:9} {one.people:5} "
            f"without {one.without:5.1f} points {one.points:+5.1f} [{one.low:+5.1f}, {one.high:+5.1f}] "
            f"plain {one.plain:+5.1f} sure {one.sure:4.1f}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
