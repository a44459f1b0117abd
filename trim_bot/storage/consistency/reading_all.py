"""Opens every record of every organisation, a few at a time, and tells how many of each kind open, and no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Table, select

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.ids import OrganisationId
from trim_bot.storage.erasure.eraser import connection_of
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


async def read_every_record(store: SqlStore) -> RecordsRead:
    """Nothing that is opened is shown or kept. Raises StoreUnavailable."""
    read = RecordsRead()
    for organisation in await store.organisations():
        one = OrganisationId(organisation.id)
        for kind, table in RECORDS.items():
            last = ""
            while ids := await store.read(one, _next(table, last)):
                last = ids[-1]
                opened = await _opened(store, one, kind, ids)
                for id in ids:
                    read.count(table.name, opens=id in opened)
    return read


def _next(table: Table, last: str) -> Callable[[Tx], list[str]]:
    def body(tx: Tx) -> list[str]:
        mine = select(table.c.id).where(table.c.organisation == tx.organisation, table.c.id > last)
        return list(connection_of(tx).scalars(mine.order_by(table.c.id).limit(_AT_ONCE)))

    return body


async def _opened(
    store: SqlStore, organisation: OrganisationId, kind: type[object], ids: Sequence[str]
) -> set[str]:
    """Those that open: all of them asked for at once, or one after the other where one of them stops that."""
    try:
        return set(await store.read(organisation, lambda tx: tx.get_many(kind, ids)))
    except StoreUnavailable:
        raise
    except SafeError:
        if len(ids) == 1:
            return set()
    middle = len(ids) // 2
    halves = (ids[:middle], ids[middle:])
    return {id for half in halves for id in await _opened(store, organisation, kind, half)}
