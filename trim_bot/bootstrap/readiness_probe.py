"""Asks every part of an open desk whether it can work now, and writes to each store, which may take nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.watch.looking_through import MISSING, LookThrough
from trim_bot.app.watch.not_ready import NotReady
from trim_bot.app.watch.not_ready_words import STORE_VARIABLES
from trim_bot.app.watch.outages import Outages
from trim_bot.app.watch.store_failing import StoreFailing
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.process_log import tell
from trim_bot.bootstrap.readiness import reason_of, store_of
from trim_bot.domain.errors import SafeError, StoreTrouble, StoreUnavailable
from trim_bot.scheduler.ticker import Sweep
from trim_bot.settings.environment import Settings
from trim_bot.settings.store_addresses import file_at, places_of
from trim_bot.storage.database_state import check_integrity, try_writing
from trim_bot.storage.deployment_notes import data_pending
from trim_bot.storage.journal_check import OF_ROWS, look_through

WRITE_SECONDS = 10
"""How often each store is written to."""
LOOK_SECONDS = 60 * 60
"""How often each store is read through for damaged pages."""
FIRST_LOOK_SECONDS = 30
"""When it is first: reading all of a large store would keep those waiting who come as the desk opens."""
MOST_BUSY = 3
"""A lock of a moment is no trouble: so many tries in a row have to meet it."""


class StoreTrial:
    """Remembers what the last try of each kind met, and tells `outages` of it."""

    def __init__(self, deployment: Deployment, outages: Outages | None = None) -> None:
        self._deployment = deployment
        self._outages = outages or Outages(tell)
        self.through = LookThrough()
        """What the hourly look has found."""
        self._write: StoreFailing | None = None
        self._look: StoreFailing | None = None
        self.looked = False
        """Whether each store was read through once."""
        self._busy = 0

    @property
    def failing(self) -> StoreFailing | None:
        """What stands in the way as far as was tried, or None."""
        return self._look or self._write

    def sweeps(self) -> tuple[Sweep, Sweep]:
        """When each is tried."""
        return (
            Sweep("trial", self.write, WRITE_SECONDS),
            Sweep("soundness", self.look, LOOK_SECONDS, FIRST_LOOK_SECONDS),
        )

    async def write(self) -> None:
        """Commit to each store, and look up the key of an organisation."""
        found = await self._met(try_writing) or await self._key()
        busy = bool(found) and all(one.reason is NotReady.BUSY for one in found)
        self._busy = self._busy + 1 if busy else 0
        if 0 < self._busy < MOST_BUSY:
            return
        self._write = found[0] if found else None
        self._tell(found)

    async def look(self) -> None:
        """Read each store through."""
        await self._look_at_journals()
        found = [one for one in await self._met(check_integrity) if one.reason is not NotReady.BUSY]
        self.looked, self._look = True, found[0] if found else None
        self._tell(found)

    def _tell(self, found: Sequence[StoreFailing]) -> None:
        """Begin and end the outage of each store. One that was found damaged stays so until it is looked at again."""
        known = [self._look] if self._look is not None else []
        if self._deployment.store.damaged:
            known.append(StoreFailing(NotReady.DAMAGED, "data"))
        failing = {one.part: one for one in (*found, *known)}
        for part, variable in STORE_VARIABLES.items():
            if (one := failing.get(part)) is not None:
                self._outages.began(part, one.reason.value, variable)
            else:
                self._outages.went_well(part)

    async def _look_at_journals(self) -> None:
        """Compare all that is bound with what is kept, and say what does not fit; the desk goes on meanwhile."""
        deployment, began = self._deployment, self.through.begin()
        try:
            data, known = places_of(deployment.settings).data, deployment.journals.newest()
            faults = await asyncio.to_thread(look_through, data, deployment.keyed, anchor=known)
        except SafeError as error:
            tell(LogEvent.SWEEP, error, "journal")
            return
        rows = {(one.organisation, one.table or MISSING): one.count for one in faults if one.kind in OF_ROWS}
        self.through.found(began, rows, {one.organisation for one in faults if one.kind not in OF_ROWS})
        for fault in faults:
            event = LogEvent.ALTERED if fault.kind in OF_ROWS else LogEvent.JOURNAL
            tell(event, about=f"{fault.kind.value} {fault.table or fault.seq}")

    async def _met(self, tried: Callable[[str], None]) -> list[StoreFailing]:
        """What each store that fails has met; all are tried together, so that one that hangs hides no other."""
        places = places_of(self._deployment.settings)

        async def one(name: str, url: str) -> StoreFailing | None:
            try:
                await asyncio.to_thread(tried, url)
            except SafeError as error:
                return StoreFailing(reason_of(error), name)
            return None

        named = (("data", places.data), ("keys", places.keys), ("ledger", places.ledger))
        met = await asyncio.gather(*(one(name, url) for name, url in named))
        return [failing for failing in met if failing is not None]

    async def _key(self) -> list[StoreFailing]:
        try:
            ids = {organisation.key_id for organisation in await self._deployment.store.organisations()}
            found = await asyncio.to_thread(self._deployment.key_store.get, ids)
        except SafeError as error:
            return [failing_of(error, self._deployment)]
        return [] if ids <= found.keys() else [StoreFailing(NotReady.KEY_STORE_WRONG, "keys")]


def must_be_writable(settings: Settings) -> None:
    """See that each store takes a write before the desk opens; one that is locked for a moment will.

    Raises StoreUnavailable, NoStore.
    """
    places = places_of(settings)
    for url in (places.data, places.keys, places.ledger):
        try:
            try_writing(url)
        except StoreUnavailable as error:
            if error.trouble is not StoreTrouble.BUSY:
                raise


def failing_of(error: SafeError, deployment: Deployment) -> StoreFailing:
    """What an error means for readiness."""
    database = error.database if isinstance(error, StoreUnavailable) else ""
    return StoreFailing(reason_of(error), store_of(database, deployment.settings))


KEPT_SECONDS = 2.0
"""How long an answer is given again, however often it is asked for."""
STOPPED_SECONDS = 5 * 60
"""A clock that has done nothing for so long has stopped."""


class ReadinessProbe:
    """Asks data, key store, ledger and clock.

    `trial` writes to each from time to time. `beat_age` gives the seconds since the clock last did all it had
    to, `worker_gone` tells whether nobody does what is due; `monotonic` gives seconds.
    """

    def __init__(
        self,
        deployment: Deployment,
        beat_age: Callable[[], float],
        *,
        trial: StoreTrial | None = None,
        worker_gone: Callable[[], bool] = lambda: False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.worker_gone = worker_gone
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
            tried = StoreFailing(NotReady.DAMAGED, "data")
        self.store = tried.store if tried is not None and fault is None else ""
        fault = fault or (tried.reason if tried is not None else None)
        if fault is None and self._beat_age() > STOPPED_SECONDS:
            return NotReady.CLOCK_STOPPED
        if fault is None and self.worker_gone():
            return NotReady.WORKER_GONE
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
        behind, restoring = await data_pending(self._deployment.store)
        if behind:
            return NotReady.MIGRATIONS_PENDING
        return NotReady.RESTORE_PENDING if restoring else None
