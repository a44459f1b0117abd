"""Keys that wait for their first use: any process takes them in batches, and says so before it uses one."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, insert, select

from trim_bot.storage.erasure.erasure_plan import batches
from trim_bot.storage.keys.key_tables import data_keys, spare_keys, unused_keys


def put_in(connection: Connection, ids: Iterable[str]) -> None:
    """Say that nobody has taken these keys, which exist."""
    for batch in batches(ids):
        connection.execute(insert(spare_keys), [{"id": id} for id in batch])


def take_out(connection: Connection, count: int) -> list[str]:
    """At most `count` keys, taken by the caller once this transaction is committed; no other gets them."""
    query = select(spare_keys.c.id).order_by(spare_keys.c.id).limit(count)
    wanted = list(connection.scalars(query.with_for_update(skip_locked=True)))
    return [id for batch in batches(wanted) for id in _deleted(connection, batch)]


def give_back(connection: Connection, ids: Iterable[str]) -> None:
    """Put taken keys back that surely nobody used; one that was destroyed meanwhile stays so."""
    for batch in batches(ids):
        there = set(connection.scalars(select(data_keys.c.id).where(data_keys.c.id.in_(batch))))
        there -= set(connection.scalars(select(spare_keys.c.id).where(spare_keys.c.id.in_(batch))))
        put_in(connection, sorted(there))
        connection.execute(delete(unused_keys).where(unused_keys.c.id.in_(batch)))


def still_taken(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Those of the keys that exist and were taken; they leave the quarantine, since their taker has them."""
    taken: set[str] = set()
    for batch in batches(ids):
        connection.execute(delete(unused_keys).where(unused_keys.c.id.in_(batch)))
        there = set(connection.scalars(select(data_keys.c.id).where(data_keys.c.id.in_(batch))))
        taken |= there - set(connection.scalars(select(spare_keys.c.id).where(spare_keys.c.id.in_(batch))))
    return taken


def destroy(connection: Connection, ids: Collection[str]) -> None:
    """Destroy keys, wherever they stand."""
    for batch in batches(ids):
        for table in (spare_keys, unused_keys, data_keys):
            connection.execute(delete(table).where(table.c.id.in_(batch)))


def destroy_spares(connection: Connection, ids: Iterable[str]) -> int:
    """Destroy those keys that are still not taken; returns how many."""
    gone = [id for batch in batches(ids) for id in _deleted(connection, batch)]
    destroy(connection, gone)
    return len(gone)


def _deleted(connection: Connection, ids: Collection[str]) -> list[str]:
    return list(
        connection.scalars(delete(spare_keys).where(spare_keys.c.id.in_(ids)).returning(spare_keys.c.id))
    )
