"""Opens one record of each kind and organisation, which proves that data and keys still belong together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Table, select

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.ids import OrganisationId
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.erasure.erasure_plan import referenced_keys
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.store import SqlStore
from trim_bot.storage.tables import RECORDS


@dataclass(frozen=True, slots=True)
class Opened:
    """What was found: numbers, and names of kinds of record."""

    kinds: int
    """How many kinds were opened, counted once for each organisation that has some."""
    shut: tuple[str, ...]
    """Kinds of which a record that should open does not, each named once."""
    missing: int
    """How many keys of records are not in the key store, those of what was erased left out."""


async def open_one_of_each(store: SqlStore, key_store: SqlKeyStore, ledger: ErasureLedger) -> Opened:
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
    used = await store.read(OrganisationId(""), lambda tx: referenced_keys(connection_of(tx)))
    there = set(await asyncio.to_thread(key_store.all_ids))
    return Opened(kinds, tuple(sorted(shut)), len(used - there - erased))


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
