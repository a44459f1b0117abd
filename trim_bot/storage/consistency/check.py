"""Sees that data, keys and ledger belong together, before anything opens or is swept, and as they change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, select

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.ids import OrganisationId, new_id
from trim_bot.domain.unused_keys import CHECKS_TO_QUARANTINE, UnusedKey, too_many
from trim_bot.storage.consistency.identity import (
    Generation,
    KeysStamp,
    LedgerStamp,
    Stamps,
    StoreMismatch,
    StoresMismatched,
    begin_generations,
    begin_next_generation,
    data_stamp,
    keys_stamp,
    ledger_stamp,
    mark_reached,
    mismatch_of,
    stamp_data,
    stamp_ledger,
)
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.erasure.erasure_plan import referenced_keys
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.keys.key_tables import data_keys
from trim_bot.storage.keys.quarantine import quarantine_keys
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.small_stores import write_transaction
from trim_bot.storage.store import SqlStore
from trim_bot.storage.tables import RECORDS

_DEPLOYMENT = OrganisationId("")
_LOOKS = 3
_NO_LEDGER = LedgerStamp(None, None)


class StoreConsistency:
    """The shared identity of three open stores. Every call raises `StoreUnavailable` when one does not answer."""

    def __init__(self, store: SqlStore, key_store: SqlKeyStore, ledger: ErasureLedger | None) -> None:
        """Without a ledger only data and keys are looked at."""
        self._store = store
        self._key_store = key_store
        self._ledger = ledger

    async def check(self) -> None:
        """Raises `StoresMismatched` when the three do not belong together now."""
        found: StoreMismatch | None = None
        # Another process may go on between the looks, so that what is odd once is looked at again.
        for _ in range(_LOOKS):
            found = mismatch_of(await self.stamps())
            if found is None:
                return
        if found is not None:
            raise StoresMismatched(found)

    async def stamps(self) -> Stamps:
        """What each of the three says. The ledger is the last to be written, so it is read first."""
        ledger = await asyncio.to_thread(ledger_stamp, self._ledger) if self._ledger else _NO_LEDGER
        before = await asyncio.to_thread(keys_stamp, self._key_store.engine)
        data = await self._store.read(_DEPLOYMENT, lambda tx: data_stamp(connection_of(tx)))
        after = await asyncio.to_thread(keys_stamp, self._key_store.engine)
        told = tuple(dict.fromkeys((*before.told, *after.told)))
        return Stamps(data, KeysStamp(before.identity, told, before.reached, before.holds_something), ledger)

    async def adopt(self, at: datetime) -> None:
        """Give the three an identity where they have none yet and evidently belong together.

        Keys that no record uses are set apart (`at` is real time, UTC): nobody knows whether they were taken.
        Raises `StoresMismatched`.
        """
        stamps = await self.stamps()
        if stamps.data.identity is not None and stamps.keys.identity is not None:
            if stamps.ledger.identity is None:
                await self._stamp_ledger()
            return
        every = set(await asyncio.to_thread(self._key_store.all_ids))
        used = await self._used()
        missing = len(used - every)
        if used and (missing == len(used) or too_many(missing, len(used))):
            raise StoresMismatched(StoreMismatch.KEYS_OTHER)
        identity, generation = await self._store.write(_DEPLOYMENT, _first)
        await asyncio.to_thread(self._begin, identity, generation, used, at)
        await self._stamp_ledger()

    async def advance(self) -> None:
        """Begin a new generation, so that every copy made before is known as older. Raises `StoresMismatched`."""
        await self.check()
        generation = await asyncio.to_thread(begin_next_generation, self._key_store.engine)
        await self._store.write(_DEPLOYMENT, lambda tx: _reach(tx, generation))
        held = await self._store.read(_DEPLOYMENT, lambda tx: data_stamp(connection_of(tx)))
        if held.generation == generation:
            await asyncio.to_thread(mark_reached, self._key_store.engine, generation)
            await self._stamp_ledger()

    async def _used(self) -> set[str]:
        return await self._store.read(_DEPLOYMENT, lambda tx: referenced_keys(connection_of(tx)))

    async def _stamp_ledger(self) -> None:
        held = await self._store.read(_DEPLOYMENT, lambda tx: data_stamp(connection_of(tx)))
        if self._ledger and held.identity is not None and held.generation is not None:
            await asyncio.to_thread(stamp_ledger, self._ledger, held.identity, held.generation)

    def _begin(self, identity: str, generation: Generation, used: set[str], at: datetime) -> None:
        with write_transaction(self._key_store.engine) as connection:
            if begin_generations(connection, identity, generation):
                idle = [id for id in connection.scalars(select(data_keys.c.id)) if id not in used]
                quarantine_keys(connection, tuple(UnusedKey(id, at, at, CHECKS_TO_QUARANTINE) for id in idle))


def _first(tx: Tx) -> tuple[str, Generation]:
    connection = connection_of(tx)
    held = data_stamp(connection)
    identity, generation = held.identity or new_id(), held.generation or Generation(1)
    stamp_data(connection, identity, generation)
    return identity, generation


def _reach(tx: Tx, generation: Generation) -> None:
    connection = connection_of(tx)
    held = data_stamp(connection)
    if held.identity is not None and (held.generation is None or held.generation.number < generation.number):
        stamp_data(connection, held.identity, generation)


@dataclass(frozen=True, slots=True)
class OpenedSamples:
    """What was found: numbers, and names of kinds of record."""

    kinds: int
    """How many kinds were opened, counted once for each organisation that has some."""
    shut: tuple[str, ...]
    """Kinds of which a record that should open does not, each named once."""
    missing: int
    """How many keys of records are not in the key store, those of what was erased left out."""


async def open_one_of_each(store: SqlStore, key_store: SqlKeyStore, ledger: ErasureLedger) -> OpenedSamples:
    """Look at every organisation; nothing that is opened is shown or kept. Raises StoreUnavailable."""
    erased = {key for one in await asyncio.to_thread(ledger.erasures) for key in one.key_ids}
    kinds, shut = 0, set[str]()
    for organisation in await store.organisations():
        for kind, table in RECORDS.items():
            if "key_id" not in table.columns:
                continue
            id = await store.read(OrganisationId(organisation.id), _any(table, erased))
            if id is None:
                continue
            kinds += 1
            if not await _opens(store, OrganisationId(organisation.id), kind, id):
                shut.add(table.name)
    return OpenedSamples(kinds, tuple(sorted(shut)), await keys_lacking(store, key_store, erased))


async def keys_lacking(store: SqlStore, key_store: SqlKeyStore, erased: Collection[str]) -> int:
    """How many keys of records are not in the key store, those of what was `erased` left out.

    Raises StoreUnavailable.
    """
    used = await store.read(OrganisationId(""), lambda tx: referenced_keys(connection_of(tx)))
    there = set(await asyncio.to_thread(key_store.all_ids))
    return len(used - there - set(erased))


def _any(table: Table, erased: set[str]) -> Callable[[Tx], str | None]:
    def body(tx: Tx) -> str | None:
        return _one(connection_of(tx), table, tx.organisation, erased)

    return body


def _one(connection: Connection, table: Table, organisation: str, erased: set[str]) -> str | None:
    """A record whose key was not destroyed on purpose."""
    query = select(table.c.id, table.c.key_id).where(table.c.organisation == organisation)
    for id, key_id in connection.execute(query.order_by(table.c.id)):
        if key_id not in erased:
            return str(id)
    return None


async def _opens(store: SqlStore, organisation: OrganisationId, kind: type[object], id: str) -> bool:
    try:
        return await store.read(organisation, lambda tx: tx.get(kind, id)) is not None
    except StoreUnavailable:
        raise
    except SafeError:
        return False
