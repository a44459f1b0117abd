"""Begins a new generation after a restore: what was restored is older on purpose, and belongs together from here on."""

from __future__ import annotations

from trim_bot.domain.ids import new_id
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.consistency.identity import Generation
from trim_bot.storage.consistency.stored_identity import (
    begin_generations,
    data_stamp,
    keys_stamp,
    ledger_stamp,
    stamp_data,
    stamp_ledger,
)
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.small_stores import committed, durable_engine, reading


def begin_anew(places: Places, ledger: ErasureLedger) -> None:
    """Let the restored data and keys at `places` and the ledger that goes on belong together.

    To be called while nobody is served yet; cut short, it is done again with the restore. The identity is the
    ledger's. Data or keys that were in use before are known as older, wherever they still are.
    Raises `StoreUnavailable`.
    """
    data, keys = durable_engine(places.data), durable_engine(places.keys)
    try:
        with reading(data) as connection:
            held = data_stamp(connection)
        known, written = keys_stamp(keys), ledger_stamp(ledger)
        seen = [*known.told, *(one for one in (held.generation, written.generation) if one is not None)]
        generation = Generation(1 + max((one.number for one in seen), default=0))
        identity = written.identity or held.identity or new_id()
        with committed(keys) as connection:
            begin_generations(connection, identity, generation, anew=True)
        with committed(data) as connection:
            stamp_data(connection, identity, generation)
        stamp_ledger(ledger, identity, generation)
    finally:
        data.dispose()
        keys.dispose()
