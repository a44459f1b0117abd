"""Opens every record of every organisation, a few at a time, and tells which open and which do not, and no more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Table, delete, select

from trim_bot.app.handover.out_of_effect import Spoilt
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.spoilt_records import SpoiltRecord
from trim_bot.storage.erasure.eraser import bound_of, connection_of
from trim_bot.storage.records.bound_columns import BOUND
from trim_bot.storage.records.bound_rows import ref
from trim_bot.storage.records.rows import shape_of
from trim_bot.storage.records.sealing import Pseudonyms
from trim_bot.storage.store import SqlStore
from trim_bot.storage.tables import RECORDS

_AT_ONCE = 200


@dataclass(slots=True)
class KindRead:
    """Of one kind of record: how many open, and how many do not."""

    opened: int = 0
    shut: int = 0


@dataclass(slots=True)
class RecordsRead:
    """By the name of each kind's table; kinds without a record are left out."""

    kinds: dict[str, KindRead] = field(default_factory=dict)

    def count(self, name: str, *, opens: bool) -> None:
        """One more."""
        kind = self.kinds.setdefault(name, KindRead())
        kind.opened += opens
        kind.shut += not opens


@dataclass(frozen=True, slots=True)
class _Page:
    organisation: OrganisationId
    kind: type[object]
    table: Table
    ids: Sequence[str]
    opened: set[str]
    raised: set[str]
    """Those that stop whatever reads them."""


async def read_every_record(store: SqlStore) -> RecordsRead:
    """Nothing that is opened is shown or kept. Raises StoreUnavailable."""
    read = RecordsRead()
    async for page in _pages(store):
        for id in page.ids:
            read.count(page.table.name, opens=id in page.opened)
    return read


async def spoilt_records(store: SqlStore, keyed: Pseudonyms) -> Spoilt:
    """Every record that is not as it was written, or does not open; not those whose key was destroyed.

    Raises StoreUnavailable.
    """
    found = []
    async for page in _pages(store):
        one, name = page.organisation, page.table.name
        for id in page.ids:
            # What the store met while it read the page.
            met = (one, name, ref(keyed, one, page.table, id)) in store.altered
            if id in page.raised or (met and id not in page.opened):
                found.append(SpoiltRecord(one, page.kind, name, id))
    return Spoilt(found, _set_aside, lambda kind: shape_of(kind).table.name)


def _set_aside(tx: Tx, kind: type[object], id: str) -> None:
    """Let a record count for nothing from now on, whatever stands in its row: also once somebody puts that right.

    The row stays, for an erasure to find. One of a kind that nothing binds goes.
    """
    table = shape_of(kind).table
    connection = connection_of(tx)
    if table.name in BOUND:
        bound_of(tx).forget(table, [id])
    else:
        connection.execute(delete(table).where(table.c.organisation == tx.organisation, table.c.id == id))


async def _pages(store: SqlStore) -> AsyncIterator[_Page]:
    for organisation in await store.organisations():
        one = OrganisationId(organisation.id)
        for kind, table in RECORDS.items():
            last = ""
            while ids := await store.read(one, _next(table, last)):
                last, raised = ids[-1], set[str]()
                opened = await _opened(store, one, kind, ids, raised)
                yield _Page(one, kind, table, ids, opened, raised)


def _next(table: Table, last: str) -> Callable[[Tx], list[str]]:
    def body(tx: Tx) -> list[str]:
        mine = select(table.c.id).where(table.c.organisation == tx.organisation, table.c.id > last)
        return list(connection_of(tx).scalars(mine.order_by(table.c.id).limit(_AT_ONCE)))

    return body


async def _opened(
    store: SqlStore, organisation: OrganisationId, kind: type[object], ids: Sequence[str], raised: set[str]
) -> set[str]:
    """Those that open: all of them asked for at once, or one after the other where one of them stops that."""
    try:
        return set(await store.read(organisation, lambda tx: tx.get_many(kind, ids)))
    except StoreUnavailable:
        raise
    except SafeError:
        if len(ids) == 1:
            raised.update(ids)
            return set()
    middle = len(ids) // 2
    halves = (ids[:middle], ids[middle:])
    return {id for half in halves for id in await _opened(store, organisation, kind, half, raised)}
