"""Runs towns one after the other in one process, on SQLite, on PostgreSQL, or on both in turn."""

from __future__ import annotations

import gc
import os
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.simulator.findings import Rule
from tests.simulator.living import live
from tests.simulator.place import Databases, Files, Place, folder_in
from tests.simulator.report import Fault
from tests.simulator.server import Server, postgres
from tests.simulator.tally import Tally
from tests.simulator.troubles import Kind, Trouble

SELDOM = 100_000
"""Objects between two looks for rubbish; nothing here lives long, and looking took a tenth of the time."""
ENDED_IN_ERROR = "ended in an error"
"""What is told of a town that neither lived to its end nor broke a promise."""
SQLITE, POSTGRESQL, BOTH = "sqlite", "postgresql", "both"


class Ground:
    """Where towns are settled; the server is started when the first town asks for it."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._server: Server | None = None
        # TMPDIR is honoured, so that a folder in memory can be named and no time goes to a disk.
        self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="town-")))

    @contextmanager
    def place(self, seed: int, database: str) -> Iterator[Place]:
        """Empty stores for one town."""
        with folder_in(self._folder, f"{database}-{seed}") as folder:
            if database == SQLITE:
                yield Files(folder)
                return
            if self._server is None:
                self._server = self._stack.enter_context(postgres())
            made = Databases(folder, self._server.uri, f"town_{os.getpid()}", self._server.restart)
            made.empty("data", "keys", "ledger")
            try:
                yield made
            finally:
                made.drop()


def database_of(seed: int, wanted: str) -> str:
    """Which database a town lives on; with both, every other one on each."""
    return (SQLITE, POSTGRESQL)[seed % 2] if wanted == BOTH else wanted


def run(
    seeds: Iterable[int],
    database: str,
    weeks: int,
    *,
    until: float = float("inf"),
    only: tuple[Kind, ...] = (),
    muted: frozenset[Rule] = frozenset(),
    coming: Sequence[Trouble] | None = None,
    small: bool = False,
    told: Callable[[Tally, list[Fault]], None] = lambda _tally, _faults: None,
) -> tuple[Tally, list[Fault], int]:
    """Let the towns of these seeds live, until a moment of the monotonic clock; also how many were begun.

    A town that lives then ends there. `told` hears after each what has come of all of them so far.
    """
    tally, begun = Tally(), 0
    faults: list[Fault] = []
    with ExitStack() as stack:
        ground = Ground(stack)
        stack.callback(gc.set_threshold, *gc.get_threshold())
        gc.set_threshold(SELDOM)
        for seed in seeds:
            if time.monotonic() > until:
                break
            begun += 1
            kind = database_of(seed, database)

            def pulse(lived: Tally) -> None:
                told(tally.with_more(lived), faults)

            try:
                with ground.place(seed, kind) as place:
                    lived, broken, log = live(
                        seed, place, weeks=weeks, only=only, muted=muted, coming=coming, small=small,
                        until=until, pulse=pulse,
                    )  # fmt: skip
            except Exception as error:  # noqa: BLE001 (one town's end is told, and does not end the others)
                faults.append(Fault(seed, kind, weeks, ENDED_IN_ERROR, _where(error)))
            else:
                tally.add(lived)
                if broken is not None:
                    faults.append(Fault(seed, kind, weeks, broken.finding.rule.value, str(broken), log))
            told(tally, faults)
    return tally, faults, begun


def _where(error: Exception) -> str:
    """The kind of error and the places it came through, the last ones."""
    places = traceback.extract_tb(error.__traceback__)[-6:]
    return " < ".join(
        [type(error).__name__, *(f"{Path(one.filename).name}:{one.lineno}" for one in places[::-1])]
    )
