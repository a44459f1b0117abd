"""Looks for data keys that no record uses, and lets go only those that are proved unused."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from trim_bot.app.seam.ports import Store
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.unused_keys import plan_key_sweep
from trim_bot.storage.consistency.check import StoreConsistency
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.erasure.erasure_plan import referenced_keys
from trim_bot.storage.keys.key_store import SqlKeyStore


@dataclass(frozen=True, slots=True)
class KeySweepResult:
    """What a sweep did, or would do: numbers of keys."""

    destroyed: int = 0
    quarantined: int = 0
    """How many are in quarantine after it."""
    refused: int = 0
    """How many it left alone because they are too many at once."""
    of: int = 0
    """How many keys there are that somebody took."""


class KeySweep:
    """Works on stores that belong together, and refuses all others. Raises `StoresMismatched`, `StoreUnavailable`."""

    def __init__(self, store: Store, key_store: SqlKeyStore, consistency: StoreConsistency) -> None:
        self._store = store
        self._key_store = key_store
        self._consistency = consistency

    async def run(self, real: datetime, *, dry_run: bool = False, accepted: bool = False) -> KeySweepResult:
        """Look once at `real` (real time, UTC); a dry run changes nothing.

        `accepted` is somebody's word that many keys may go at once.
        """
        await self._consistency.check()
        # Keys first, records after: a key that came into use in between is then seen in use.
        standing = await asyncio.to_thread(self._key_store.keys_in_store)
        used = await self._store.read(OrganisationId(""), lambda tx: referenced_keys(connection_of(tx)))
        todo = plan_key_sweep(standing, used, real, accepted=accepted)
        if not dry_run:
            await self._consistency.check()
            await asyncio.to_thread(self._key_store.sweep, todo, real)
        gone = {*todo.to_destroy, *todo.in_use}
        seen = {**standing.unused, **{one.id: one for one in todo.looked}}
        return KeySweepResult(
            destroyed=len(todo.to_destroy) + len(todo.spares),
            quarantined=sum(one.in_quarantine and one.id not in gone for one in seen.values()),
            refused=todo.refused,
            of=todo.of,
        )
