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

from bench import (
    dispatching,
    draining,
    gestures,
    growth,
    handing,
    lists,
    organisations,
    processes,
    promises,
    reminders,
    routing,
    rows,
    startup,
    status,
    teams,
    ticks,
    wire,
)
from bench.conditions import conditions
from bench.databases import Kind, postgres_server
from bench.kept import kept_folder
from bench.page import write_page
from bench.report import Curve, Section, failing, read_json, table, write_json
from bench.result import Result
from bench.serving import ROOT
from bench.sizes import FULL, SIZES, Sizes
from trim_bot.domain.key_use import KeyUse, keys_for

OUTPUT = ROOT / "build" / "bench.json"
SQLITE_TICK, POSTGRES_TICK = 1.5, 2.0


@dataclass(frozen=True, slots=True)
class Run:
    """What every benchmark is given."""

    sizes: Sizes
    folder: Path
    sqlite: Kind
    postgres: Kind


Measure = Callable[[Run], Awaitable[Section]]
OnKind = Callable[[Sizes, Kind], Awaitable[Sequence[Result]]]
Growing = Callable[[Sizes, Kind], Awaitable[tuple[Sequence[Result], Sequence[Curve]]]]


def _once(measure: Callable[[Run], Awaitable[Sequence[Result]]]) -> Measure:
    async def section(run: Run) -> Section:
        return Section(await measure(run))

    return section


def _on_both(measure: OnKind) -> Measure:
    async def section(run: Run) -> Section:
        return Section([row for kind in (run.sqlite, run.postgres) for row in await measure(run.sizes, kind)])

    return section


def _growing(measure: Growing) -> Measure:
    async def section(run: Run) -> Section:
        found: list[Result] = []
        curves: list[Curve] = []
        for kind in (run.sqlite, run.postgres):
            results, drawn = await measure(run.sizes, kind)
            found += results
            curves += drawn
        return Section(found, curves)

    return section


async def _ticks(run: Run) -> Sequence[Result]:
    return [
        await ticks.measure(run.sizes, run.sqlite, SQLITE_TICK),
        await ticks.measure(run.sizes, run.postgres, POSTGRES_TICK),
    ]


async def _startup(run: Run) -> Sequence[Result]:
    return [
        *await startup.measure(run.sizes, run.folder),
        *await startup.measure_teams(run.sizes, run.folder),
    ]


ITEMS: Mapping[str, Measure] = {
    "routing": _once(lambda run: routing.measure(run.sizes)),
    "teams": _once(lambda run: teams.measure(run.sizes)),
    "wire": _once(lambda run: wire.measure(run.sizes, run.folder)),
    "ticks": _once(_ticks),
    "status": _on_both(status.measure),
    "gestures": _on_both(gestures.measure),
    "promises": _on_both(promises.measure),
    "journeys": _growing(growth.measure),
    "lists": _on_both(lists.measure),
    "handing": _on_both(handing.measure),
    "draining": _on_both(draining.measure),
    "reminders": _on_both(reminders.measure),
    "processes": _once(lambda run: processes.measure(run.sizes, run.postgres)),
    "dispatching": lambda run: dispatching.measure(run.sizes, run.postgres),
    "rows": _on_both(rows.measure),
    "organisations": _growing(organisations.measure),
    "startup": _once(_startup),
}
WITHOUT_POSTGRES = frozenset({"routing", "teams", "wire", "startup"})


@contextmanager
def places(sizes: Sizes, *, postgres: bool) -> Iterator[Run]:
    """A folder, and a PostgreSQL if one is needed, both gone after the block."""
    with ExitStack() as after:
        folder = Path(after.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        kept = None if sizes is SIZES["tiny"] else kept_folder()
        server = after.enter_context(postgres_server(kept)) if postgres else ""
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
        "--size", choices=SIZES, default="full", help="small: some minutes; tiny: see that each part runs"
    )
    asked = parser.parse_args(arguments)
    names, sizes = chosen(asked.words), SIZES[asked.size]
    sections: dict[str, Section] = {}
    with places(sizes, postgres=not WITHOUT_POSTGRES.issuperset(names)) as run:
        for name in names:
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            held = conditions(run.folder)
            sections[name] = _measured(ITEMS[name], run)
            # One by one, so that nothing is lost where a later one finds something wrong: each took minutes.
            print("  ".join(f"{name} {value}" for name, value in held.items()))
            print(table(sections[name].results), *sections[name].notes, sep="\n", flush=True)
            if sizes is not SIZES["tiny"]:
                write_json(OUTPUT, held, {name: sections[name]})
    missed = failing([row for section in sections.values() for row in section.results])
    for one in missed:
        print(
            f"{one.name}: {one.ratio:.2f} is worse by more than 30 % than what was held; the goal is {one.goal}."
        )
    if sizes is not FULL:
        return 0
    write_page(read_json(OUTPUT))
    print("Failed." if missed else "Nothing that was held is lost by more than 30 %.")
    return 1 if missed else 0


def _measured(measure: Measure, run: Run) -> Section:
    """One section; what the clock does opens keys for the clock, and each gesture says by itself for what."""
    with keys_for(KeyUse.CLOCK):
        return asyncio.run(_awaited(measure(run)))


async def _awaited(section: Awaitable[Section]) -> Section:
    return await section


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
