"""Reads and writes the identity and the generation in each of the three stores."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, delete, func, insert, inspect, select, update

from trim_bot.storage.consistency.identity import DataStamp, Generation, KeysStamp, LedgerStamp
from trim_bot.storage.database_state import fact, put_fact
from trim_bot.storage.keys.key_tables import data_keys, generations, key_store_facts
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.small_stores import (
    NoStore,
    durable_engine,
    read_transaction,
    wait_for_other_writers,
    write_transaction,
)
from trim_bot.storage.tables import organisations

IDENTITY = "identity"
GENERATION = "generation"


def data_stamp(connection: Connection) -> DataStamp:
    """The identity and generation in the data, and whether it holds any organisation."""
    return DataStamp(
        fact(connection, IDENTITY),
        Generation.parse(fact(connection, GENERATION)),
        connection.scalar(select(organisations.c.organisation).limit(1)) is not None,
    )


def stamp_data(connection: Connection, identity: str, generation: Generation) -> None:
    """Write both into the data."""
    put_fact(connection, IDENTITY, identity)
    put_fact(connection, GENERATION, generation.text)


def keys_stamp(engine: Engine) -> KeysStamp:
    """What the key store says. Raises `StoreUnavailable`."""
    with read_transaction(engine) as connection:
        told = [
            (Generation(row.number, row.token), row.reached)
            for row in connection.execute(select(generations).order_by(generations.c.number))
        ]
        return KeysStamp(
            _own(connection, IDENTITY),
            tuple(generation for generation, _ in told),
            max((generation.number for generation, reached in told if reached), default=0),
            connection.scalar(select(data_keys.c.id).limit(1)) is not None,
        )


def begin_generations(
    connection: Connection, identity: str, generation: Generation, *, anew: bool = False
) -> bool:
    """Give the key store its identity and the generation that the data holds; False when it has one.

    `anew` puts them in place of what stands there.
    """
    wait_for_other_writers(connection)
    if _own(connection, IDENTITY) is not None and not anew:
        return False
    connection.execute(delete(key_store_facts).where(key_store_facts.c.name == IDENTITY))
    connection.execute(insert(key_store_facts).values(name=IDENTITY, value=identity))
    connection.execute(delete(generations))
    _tell(connection, generation, reached=True)
    return True


def begin_next_generation(engine: Engine) -> Generation:
    """Tell the key store of the next generation; the caller writes it into the data after."""
    with write_transaction(engine) as connection:
        wait_for_other_writers(connection)
        newest = connection.scalar(select(func.max(generations.c.number))) or 0
        generation = Generation(newest + 1)
        _tell(connection, generation, reached=False)
        return generation


def mark_reached(engine: Engine, generation: Generation) -> None:
    """Note that the data holds this generation; those before it are no longer needed."""
    with write_transaction(engine) as connection:
        connection.execute(
            update(generations).where(generations.c.number == generation.number).values(reached=True)
        )
        newest = connection.scalar(select(func.max(generations.c.number)).where(generations.c.reached)) or 0
        connection.execute(delete(generations).where(generations.c.number < newest))


def ledger_stamp(ledger: ErasureLedger) -> LedgerStamp:
    """What the ledger says. Raises `StoreUnavailable`."""
    return LedgerStamp(ledger.fact(IDENTITY), Generation.parse(ledger.fact(GENERATION)))


def stamp_ledger(ledger: ErasureLedger, identity: str, generation: Generation) -> None:
    """Write both into the ledger, unless it has seen a later generation."""
    held = ledger_stamp(ledger)
    if held.identity != identity:
        ledger.note_fact(IDENTITY, identity)
    if held.generation is None or held.generation.number < generation.number:
        ledger.note_fact(GENERATION, generation.text)


def holds_keys(url: str) -> bool:
    """Whether a key store at `url` belongs to a desk already; it is neither made nor changed.

    Raises `StoreUnavailable`.
    """
    try:
        engine = durable_engine(url, create=False)
    except NoStore:
        return False
    try:
        with read_transaction(engine) as connection:
            names: set[str] = set(inspect(connection).get_table_names())
            tables = [table for table in (data_keys, generations) if table.name in names]
            return any(connection.execute(select(table).limit(1)).first() is not None for table in tables)
    finally:
        engine.dispose()


def _own(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(key_store_facts.c.value).where(key_store_facts.c.name == name))


def _tell(connection: Connection, generation: Generation, *, reached: bool) -> None:
    connection.execute(
        insert(generations).values(number=generation.number, token=generation.token, reached=reached)
    )
