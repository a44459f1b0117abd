"""The one identity and generation of data, keys and ledger, as each store keeps it: one file, since all
three must be read alike.

A generation is told to the key store first, then written into the data, then noted as reached in the key store and
the ledger. So a copy of the data lacks a generation the keys know was reached, a copy of the keys lacks one that
the data names, and two that grew apart name different ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from sqlalchemy import Connection, Engine, delete, func, insert, inspect, select, update

from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import new_id
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


@dataclass(frozen=True, slots=True)
class Generation:
    """A number that only grows, and a random token that tells it from the same number elsewhere."""

    number: int
    token: str = field(default_factory=new_id)

    @property
    def text(self) -> str:
        """The number and the token as they are kept, `7:token`; `parse` reads it."""
        return f"{self.number}:{self.token}"

    @staticmethod
    def parse(text: str | None) -> Generation | None:
        """What `text` wrote, or None."""
        if text is None:
            return None
        number, _, token = text.partition(":")
        return Generation(int(number), token)


@dataclass(frozen=True, slots=True)
class DataStamp:
    """What the data says. `holds_something`: whether there is an organisation."""

    identity: str | None
    generation: Generation | None
    holds_something: bool


@dataclass(frozen=True, slots=True)
class KeysStamp:
    """What the key store says: which generations it told, and the number of the newest that the data reached."""

    identity: str | None
    told: tuple[Generation, ...]
    reached: int
    holds_something: bool


@dataclass(frozen=True, slots=True)
class LedgerStamp:
    """The identity and generation that the erasure ledger holds, None where it was never given any."""

    identity: str | None
    generation: Generation | None


@dataclass(frozen=True, slots=True)
class Stamps:
    """The identity and generation as data, key store and ledger each hold them."""

    data: DataStamp
    keys: KeysStamp
    ledger: LedgerStamp


class StoreMismatch(Enum):
    """How the three do not belong together."""

    DATA_MISSING = "data_missing"
    """The data holds nothing, and the keys are those of a desk."""
    DATA_OLDER = "data_older"
    """The data is an older copy: the keys or the ledger have seen it further on."""
    KEYS_OTHER = "keys_other"
    """The keys are those of another desk, or the two grew apart."""
    KEYS_OLDER = "keys_older"
    """The key store is an older copy: the data has been told something by a newer one."""
    LEDGER_OTHER = "ledger_other"
    """The ledger is that of another desk, or it grew apart."""


class StoresMismatched(SafeError):
    """Data, keys and ledger do not belong together: nothing may be opened or destroyed."""

    text = "Data, key store and ledger do not belong together"

    def __init__(self, how: StoreMismatch) -> None:
        super().__init__()
        self.how = how


def mismatch_of(stamps: Stamps) -> StoreMismatch | None:
    """How the three do not belong together, or None; None too where none of them has an identity yet."""
    data, keys, ledger = stamps.data, stamps.keys, stamps.ledger
    if data.identity is None or data.generation is None:
        return _without_identity(stamps)
    if keys.identity is None:
        # The first generation is written into the data before the keys: the adoption was cut short.
        return None if data.generation.number == 1 else StoreMismatch.KEYS_OLDER
    if keys.identity != data.identity:
        return StoreMismatch.KEYS_OTHER
    if data.generation.number < keys.reached:
        return StoreMismatch.DATA_OLDER
    if data.generation not in keys.told:
        newest = max((one.number for one in keys.told), default=0)
        return StoreMismatch.KEYS_OLDER if data.generation.number > newest else StoreMismatch.KEYS_OTHER
    return _ledger(data.identity, data.generation, ledger)


def _without_identity(stamps: Stamps) -> StoreMismatch | None:
    if stamps.keys.identity is not None:
        return StoreMismatch.DATA_OLDER if stamps.data.holds_something else StoreMismatch.DATA_MISSING
    if stamps.keys.holds_something and not stamps.data.holds_something:
        return StoreMismatch.DATA_MISSING
    return None if stamps.ledger.identity is None else StoreMismatch.LEDGER_OTHER


def _ledger(identity: str, generation: Generation, ledger: LedgerStamp) -> StoreMismatch | None:
    if ledger.identity is None or ledger.generation is None:
        return None
    if ledger.identity != identity:
        return StoreMismatch.LEDGER_OTHER
    if ledger.generation.number > generation.number:
        return StoreMismatch.DATA_OLDER
    if ledger.generation.number == generation.number and ledger.generation != generation:
        return StoreMismatch.LEDGER_OTHER
    return None


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
        # Two processes that begin together would each wait for the row that the other has changed.
        wait_for_other_writers(connection)
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
