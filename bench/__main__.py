"""Runs the benchmarks: `python -m bench [WORD …]`, all of them or those whose name begins with a word."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import gestures, routing, startup, status, teams, ticks, wire
from bench.conditions import conditions
from bench.databases import Kind, postgres_server
from bench.report import failing, table, write_json
from bench.result import Result
from bench.serving import ROOT
from bench.sizes import FULL, TINY, Sizes

OUTPUT = ROOT / "build" / "bench.json"
SQLITE_TICK, POSTGRES_TICK = 1.5, 2.0


@dataclass(frozen=True, slots=True)
class Run:
    """What every benchmark is given."""

    sizes: Sizes
    folder: Path
    sqlite: Kind
    postgres: Kind


Measure = Callable[[Run], Awaitable[Sequence[Result]]]


async def _ticks(run: Run) -> Sequence[Result]:
    return [
        await ticks.measure(run.sizes, run.sqlite, SQLITE_TICK),
        await ticks.measure(run.sizes, run.postgres, POSTGRES_TICK),
    ]


async def _status(run: Run) -> Sequence[Result]:
    return [row for kind in (run.sqlite, run.postgres) for row in await status.measure(run.sizes, kind)]


async def _gestures(run: Run) -> Sequence[Result]:
    return [row for kind in (run.sqlite, run.postgres) for row in await gestures.measure(run.sizes, kind)]


async def _startup(run: Run) -> Sequence[Result]:
    return [
        *await startup.measure(run.sizes, run.folder),
        *await startup.measure_teams(run.sizes, run.folder),
    ]


ITEMS: Mapping[str, Measure] = {
    "routing": lambda run: routing.measure(run.sizes),
    "teams": lambda run: teams.measure(run.sizes),
    "wire": lambda run: wire.measure(run.sizes, run.folder),
    "ticks": _ticks,
    "status": _status,
    "gestures": _gestures,
    "startup": _startup,
}
NEED_POSTGRES = frozenset({"ticks", "status", "gestures"})


@contextmanager
def places(sizes: Sizes, *, postgres: bool) -> Iterator[Run]:
    """A folder, and a PostgreSQL if one is needed, both gone after the block."""
    with ExitStack() as after:
        folder = Path(after.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        server = after.enter_context(postgres_server()) if postgres else ""
        yield Run(sizes, folder, Kind("SQLite", folder), Kind("PostgreSQL", folder, server))


def chosen(words: Sequence[str]) -> list[str]:
    """The names of what to run. Raises SystemExit for a word that fits none."""
    for word in words:
        if not any(name.startswith(word) for name in ITEMS):
            raise SystemExit(f"There is no benchmark {word}. There are: {', '.join(ITEMS)}.")
    return [name for name in ITEMS if not words or name.startswith(tuple(words))]


def main(arguments: Sequence[str]) -> int:
    """Run, print and write; 1 when something misses its goal by more than 30 %."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("words", nargs="*", help=", ".join(ITEMS))
    parser.add_argument(
        "--tiny", action="store_true", help="only see that each runs; the figures mean nothing"
    )
    asked = parser.parse_args(arguments)
    names = chosen(asked.words)
    results: list[Result] = []
    with places(TINY if asked.tiny else FULL, postgres=not NEED_POSTGRES.isdisjoint(names)) as run:
        held = conditions(run.folder)
        try:
            for name in names:
                print(f"measuring {name} …", file=sys.stderr, flush=True)
                results += asyncio.run(_awaited(ITEMS[name](run)))
        finally:
            # Also when one of them found something wrong: what was measured by then took minutes.
            print("  ".join(f"{name} {value}" for name, value in held.items()))
            print(table(results))
            write_json(OUTPUT, held, results)
    missed = failing(results)
    for one in missed:
        print(f"{one.name}: {one.ratio:.2f} misses the goal {one.goal} by more than 30 %.")
    if asked.tiny:
        return 0
    print("Failed." if missed else "No goal is missed by more than 30 %.")
    return 1 if missed else 0


async def _awaited(results: Awaitable[Sequence[Result]]) -> Sequence[Result]:
    return await results


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
