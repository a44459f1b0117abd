"""Asks every part of an open desk whether it can work now; the answer is kept for a moment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from trim_bot.app.seam.ports import Tx
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.readiness import NotReady
from trim_bot.bootstrap.trying import Failing, Trial, failing_of
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import OrganisationId
from trim_bot.settings.store_addresses import file_at, places_of
from trim_bot.storage.database_state import is_restoring
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.migrate import behind

KEPT_SECONDS = 2.0
"""How long an answer is given again, however often it is asked for."""
STOPPED_SECONDS = 5 * 60
"""A clock that has done nothing for so long has stopped."""


class Probe:
    """Asks data, key store, ledger and clock.

    `trial` writes to each from time to time. `beat_age` gives the seconds since the clock last did all it had
    to; `monotonic` gives seconds.
    """

    def __init__(
        self,
        deployment: Deployment,
        beat_age: Callable[[], float],
        *,
        trial: Trial | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._deployment = deployment
        self._beat_age = beat_age
        self.trial = trial
        self._monotonic = monotonic
        self._turn = asyncio.Lock()
        self._found: NotReady | None = None
        self.store = ""
        """Which store the last answer was about: `data`, `keys`, `ledger`, or empty where it is about none."""
        self._asked_at: float | None = None
        places = places_of(deployment.settings)
        self._files = {url: file_at(url) for url in (places.data, places.keys, places.ledger)}

    async def fault(self) -> NotReady | None:
        """What stands in the way, or None; at most a moment old."""
        async with self._turn:
            now = self._monotonic()
            if self._asked_at is None or now - self._asked_at >= KEPT_SECONDS:
                self._found = await self._ask()
                self._asked_at = now
            return self._found

    async def _ask(self) -> NotReady | None:
        try:
            fault = await asyncio.to_thread(self._keys_and_ledger) or await self._data()
            if fault is None:
                await self._deployment.consistency.check()
        except SafeError as error:
            met = failing_of(error, self._deployment)
            self.store = met.store
            return met.reason
        tried = self.trial.failing if self.trial is not None else None
        if self._deployment.store.damaged:
            tried = Failing(NotReady.DAMAGED, "data")
        self.store = tried.store if tried is not None and fault is None else ""
        fault = fault or (tried.reason if tried is not None else None)
        if fault is None and self._beat_age() > STOPPED_SECONDS:
            return NotReady.CLOCK_STOPPED
        return fault

    def _keys_and_ledger(self) -> NotReady | None:
        # An open connection still reads and writes a file that was taken away, whatever lies in its place now.
        places = places_of(self._deployment.settings)
        gone = [url for url, file in self._files.items() if file_at(url) != file]
        if places.data in gone or places.keys in gone:
            return NotReady.DATABASE
        if gone:
            return NotReady.LEDGER_MISSING
        self._deployment.key_store.must_fit(self._deployment.masters)
        self._deployment.ledger.lines()
        return None

    async def _data(self) -> NotReady | None:
        return await self._deployment.store.read(OrganisationId(""), _look)


def _look(tx: Tx) -> NotReady | None:
    connection = connection_of(tx)
    if behind(connection):
        return NotReady.MIGRATIONS_PENDING
    return NotReady.RESTORE_PENDING if is_restoring(connection) else None
