"""Keeps what sweeps found of unused keys beside the keys, and carries out what a sweep decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update

from trim_bot.domain.unused_keys import KeysInStore, KeySweepPlan, UnusedKey
from trim_bot.storage.erasure.erasure_plan import batches
from trim_bot.storage.keys import key_pool
from trim_bot.storage.keys.key_tables import data_keys, key_store_facts, spare_keys, unused_keys
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
        key_pool.destroy_spares(connection, plan.spares)
        for batch in batches(plan.to_destroy):
            gone = delete(unused_keys).where(unused_keys.c.id.in_(batch)).returning(unused_keys.c.id)
            key_pool.destroy(connection, list(connection.scalars(gone)))
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
