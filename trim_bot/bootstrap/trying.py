"""Writes to each store every few seconds and looks up a key, since a store that answers may still take nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.readiness import NotReady, reason_of
from trim_bot.bootstrap.reporting import report
from trim_bot.bootstrap.store_words import store_of
from trim_bot.domain.errors import SafeError, StoreTrouble, StoreUnavailable
from trim_bot.scheduler.ticker import Sweep
from trim_bot.settings import Settings
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.database_state import check_integrity, try_writing

WRITE_SECONDS = 10
"""How often each store is written to."""
LOOK_SECONDS = 60 * 60
"""How often each store is read through for damaged pages."""
MOST_BUSY = 3
"""A lock of a moment is no trouble: so many tries in a row have to meet it."""


@dataclass(frozen=True, slots=True)
class Failing:
    """What stands in the way, and the store it is about, if it is about one."""

    reason: NotReady
    store: str = ""


class Trial:
    """Remembers what the last try of each kind met."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._write: Failing | None = None
        self._look: Failing | None = None
        self._busy = 0

    @property
    def failing(self) -> Failing | None:
        """What stands in the way as far as was tried, or None."""
        return self._look or self._write

    def sweeps(self) -> tuple[Sweep, Sweep]:
        """When each is tried."""
        return (
            Sweep("trial", self.write, WRITE_SECONDS),
            Sweep("soundness", self.look, LOOK_SECONDS),
        )

    async def write(self) -> None:
        """Commit to each store, and look up the key of an organisation."""
        found = await self._met(try_writing) or await self._key()
        self._busy = self._busy + 1 if found is not None and found.reason is NotReady.BUSY else 0
        if 0 < self._busy < MOST_BUSY:
            return
        self._write = _told(self._write, found)

    async def look(self) -> None:
        """Read each store through."""
        found = await self._met(check_integrity)
        self._look = _told(self._look, None if found and found.reason is NotReady.BUSY else found)

    async def _met(self, tried: Callable[[str], None]) -> Failing | None:
        places = places_of(self._deployment.settings)
        for url in (places.data, places.keys, places.ledger):
            try:
                await asyncio.to_thread(tried, url)
            except SafeError as error:
                return failing_of(error, self._deployment)
        return None

    async def _key(self) -> Failing | None:
        try:
            ids = {organisation.key_id for organisation in await self._deployment.store.organisations()}
            found = await asyncio.to_thread(self._deployment.key_store.get, ids)
        except SafeError as error:
            return failing_of(error, self._deployment)
        return None if ids <= found.keys() else Failing(NotReady.KEY_STORE_WRONG, "keys")


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


def failing_of(error: SafeError, deployment: Deployment) -> Failing:
    """What an error means for readiness."""
    database = error.database if isinstance(error, StoreUnavailable) else ""
    return Failing(reason_of(error), store_of(database, deployment.settings))


def _told(before: Failing | None, found: Failing | None) -> Failing | None:
    if found != before and found is not None:
        report(f"store {found.store or 'unknown'} {found.reason.value}")
    return found
