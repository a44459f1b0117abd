"""Keys that no record uses: those that wait for their first use, and those kept until a sweep may destroy them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update

from trim_bot.domain.unused_keys import KeysInStore, KeySweepPlan, UnusedKey
from trim_bot.storage.erasure.erasure_plan import batches
from trim_bot.storage.keys.key_tables import (
    data_keys,
    key_store_facts,
    keys_in_hand,
    spare_keys,
    unused_keys,
)
from trim_bot.storage.small_stores import (
    read_transaction,
    snapshot,
    utc_text,
    wait_for_other_writers,
    write_transaction,
)

SWEPT = "swept_at"
_SWEPT = select(key_store_facts.c.value).where(key_store_facts.c.name == SWEPT)


def keys_in_store(engine: Engine) -> KeysInStore:
    """Every key of the store at one moment. Raises `StoreUnavailable`."""
    with snapshot(engine) as connection:
        return KeysInStore(
            frozenset(connection.scalars(select(data_keys.c.id))),
            frozenset(connection.scalars(select(spare_keys.c.id))),
            {one.id: one for one in _unused(connection)},
            frozenset(connection.scalars(select(keys_in_hand.c.id))),
        )


def swept_at(engine: Engine) -> datetime | None:
    """When unused keys were looked for last (real time, UTC), or None. Raises `StoreUnavailable`."""
    with read_transaction(engine) as connection:
        held = connection.scalar(_SWEPT)
        return None if held is None else datetime.fromisoformat(held)


def carry_out(engine: Engine, plan: KeySweepPlan, at: datetime) -> None:
    """Note what was seen and destroy what is to go. Raises `StoreUnavailable`.

    A spare that was taken meanwhile stays, and so does a key that left the quarantine meanwhile.
    """
    with write_transaction(engine) as connection:
        wait_for_other_writers(connection)
        for batch in batches(plan.in_use):
            connection.execute(delete(spare_keys).where(spare_keys.c.id.in_(batch)))
            connection.execute(delete(unused_keys).where(unused_keys.c.id.in_(batch)))
            connection.execute(delete(keys_in_hand).where(keys_in_hand.c.id.in_(batch)))
        destroy_spares(connection, plan.spares)
        for batch in batches(plan.to_destroy):
            gone = delete(unused_keys).where(unused_keys.c.id.in_(batch)).returning(unused_keys.c.id)
            destroy(connection, list(connection.scalars(gone)))
        connection.execute(delete(key_store_facts).where(key_store_facts.c.name == SWEPT))
        connection.execute(insert(key_store_facts).values(name=SWEPT, value=utc_text(at)))
        quarantine_keys(connection, plan.found)
        for one in plan.looked:
            # Only what is still noted: whoever holds a key and says so takes it out of here at any moment.
            same = (unused_keys.c.id == one.id) & (unused_keys.c.checks >= one.checks - 1)
            connection.execute(update(unused_keys).where(same).values(_row(one)))


def quarantine_keys(connection: Connection, keys: tuple[UnusedKey, ...]) -> None:
    """Note keys as unused; one that is noted already, not taken, or destroyed meanwhile is left alone."""
    by_id = {one.id: one for one in keys}
    for batch in batches(by_id):
        fresh = set(connection.scalars(select(data_keys.c.id).where(data_keys.c.id.in_(batch))))
        for table in (unused_keys, spare_keys):
            fresh -= set(connection.scalars(select(table.c.id).where(table.c.id.in_(batch))))
        if fresh:
            connection.execute(insert(unused_keys), [_row(by_id[id]) for id in sorted(fresh)])


def _unused(connection: Connection) -> list[UnusedKey]:
    return [
        UnusedKey(
            row["id"],
            datetime.fromisoformat(row["seen_at"]),
            datetime.fromisoformat(row["checked_at"]),
            row["checks"],
        )
        for row in connection.execute(select(unused_keys)).mappings()
    ]


def _row(one: UnusedKey) -> dict[str, object]:
    return {
        "id": one.id,
        "seen_at": utc_text(one.seen_at),
        "checked_at": utc_text(one.checked_at),
        "checks": one.checks,
    }


def put_in(connection: Connection, ids: Iterable[str]) -> None:
    """Say that nobody has taken these keys, which exist."""
    for batch in batches(ids):
        connection.execute(insert(spare_keys), [{"id": id} for id in batch])


def hold(connection: Connection, holder: str, ids: Collection[str]) -> None:
    """Say that of all keys it took a process holds exactly these unused."""
    held = set(connection.scalars(select(keys_in_hand.c.id).where(keys_in_hand.c.holder == holder)))
    for batch in batches(sorted(held.difference(ids))):
        connection.execute(delete(keys_in_hand).where(keys_in_hand.c.id.in_(batch)))
    take_in_hand(connection, holder, sorted(set(ids) - held))


def take_in_hand(connection: Connection, holder: str, ids: Iterable[str]) -> None:
    """Say that a process holds these as well."""
    for batch in batches(ids):
        connection.execute(delete(keys_in_hand).where(keys_in_hand.c.id.in_(batch)))
        connection.execute(insert(keys_in_hand), [{"id": id, "holder": holder} for id in batch])


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
        for table in (unused_keys, keys_in_hand):
            connection.execute(delete(table).where(table.c.id.in_(batch)))


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
        for table in (spare_keys, unused_keys, keys_in_hand, data_keys):
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
