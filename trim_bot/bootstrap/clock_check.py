"""Asks every clock at hand whether this machine's can be believed, and keeps what a later process must know."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from trim_bot.bootstrap.time_watch import TimeWatch
from trim_bot.domain.clock_jumps import AGREES_WITHIN, BEFORE, Moment
from trim_bot.storage.deployment_notes import Notes
from trim_bot.storage.store import SqlStore

NOTE = "clock_believed"
"""The name under which the data keeps the last moment at which the clock was believed, and in which boot."""
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_KEPT_FOR = timedelta(days=1)


def this_boot() -> str:
    """What tells this start of this machine from any other; empty where the system does not say."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


class ClockCheck:
    """Judges before anything is destroyed or frozen. Every call raises StoreUnavailable.

    A process that begins late measures from the moment that an earlier one of the same boot believed, so that a
    clock that was moved in between is seen too.
    """

    def __init__(
        self, store: SqlStore, notes: Notes, watch: TimeWatch, boot: Callable[[], str] = this_boot
    ) -> None:
        self._store = store
        self._notes = notes
        self._watch = watch
        self._boot = boot()
        self._read: str | None = None

    async def believed(self) -> bool:
        """Whether the clock can be believed now."""
        await self._look()
        believed = self._watch.doubt() is None
        if believed:
            await self._keep()
        return believed

    async def look(self) -> None:
        """Ask, and keep nothing."""
        await self._look()
        self._watch.doubt()

    async def trust(self) -> None:
        """Somebody says that the clock is right: believe it from now on, in every process."""
        now = self._watch.now()
        self._watch.believe(now)
        await self._put(now)

    async def _look(self) -> None:
        held = await self._notes.get(NOTE)
        if held is not None and held != self._read:
            self._read = held
            self._follow(held)
        said = await self._store.server_time()
        if said is not None:
            self._watch.heard("database", said)

    def _follow(self, held: str) -> None:
        told = json.loads(held)
        then = Moment(datetime.fromisoformat(told["real"]), timedelta(seconds=float(told["since_boot"])))
        if self._boot and told["boot"] == self._boot:
            self._watch.believe(then)
        elif then.real > self._watch.now().real + AGREES_WITHIN:
            # Another start, or another machine: all that is known is that it was later than this already.
            self._watch.heard(BEFORE, then.real)

    async def _keep(self) -> None:
        now = self._watch.now()
        if self._read is not None:
            told = json.loads(self._read)
            fresh = now.real - datetime.fromisoformat(told["real"]) < _KEPT_FOR
            if fresh and told["boot"] == self._boot:
                return
        await self._put(now)

    async def _put(self, now: Moment) -> None:
        since_boot = now.since_boot.total_seconds()
        self._read = json.dumps({"boot": self._boot, "real": now.real.isoformat(), "since_boot": since_boot})
        await self._notes.put(NOTE, self._read)
