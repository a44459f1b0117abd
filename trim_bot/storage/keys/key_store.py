"""Keeps wrapped data keys, so that destroying one destroys what it sealed: one file, since one class is all
the vault may ask.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

from sqlalchemy import Connection, Engine, Select, bindparam, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import new_id
from trim_bot.domain.unused_keys import KeysInStore, KeySweepPlan, StoredKey
from trim_bot.storage.erasure.erasure_plan import batches
from trim_bot.storage.errors import MasterChanged, OlderKeyStore, OtherKeyring, OtherMaster
from trim_bot.storage.keys import quarantine
from trim_bot.storage.keys.key_tables import data_keys, key_store_facts, metadata, spare_keys
from trim_bot.storage.small_stores import (
    NoStore,
    create_tables,
    durable_engine,
    has_table,
    read_transaction,
    take_long,
    utc_text,
    write_transaction,
)

_FINGERPRINT = "keyring_fingerprint"
_MASTER = "master_id"
_EMPTYING_SECONDS = 10.0
"""For how long the log is tried to be emptied while somebody reads."""
_TURN_SECONDS = 0.05
STATEMENT_MS = 10_000
"""How long a server may work at one question about keys: people wait for it. What goes through all takes longer."""


class SqlKeyStore:
    """Wrapped data keys in SQLite or PostgreSQL. Safe to use from several threads; every call is durable.

    Raises `StoreUnavailable` from any call when the database cannot answer. `create=False` refuses, with
    `NoStore`, a database that holds no key store; one of an earlier version is given what it lacks, but for
    `changes=False`, which makes nothing at all and raises `OlderKeyStore`.
    """

    def __init__(self, url: str, *, create: bool = True, changes: bool = True) -> None:
        self._engine = durable_engine(url, create=create, statement_ms=STATEMENT_MS)
        self._holder = new_id()
        # A key taken while it is said what is held would else be forgotten by what is remembered of that.
        self._saying = Lock()
        self._said: frozenset[str] | None = None
        try:
            if not create and not has_table(self._engine, data_keys.name):
                raise NoStore(self._engine.url.database or "")
            if changes:
                create_tables(self._engine, metadata)
            elif not all(has_table(self._engine, name) for name in metadata.tables):
                raise OlderKeyStore
        except BaseException:
            self._engine.dispose()
            raise

    @property
    def on_server(self) -> bool:
        """Whether the keys lie in a database server, and not in a file of this machine."""
        return self._engine.dialect.name == "postgresql"

    @property
    def engine(self) -> Engine:
        """The database itself, for storage's own work on whole stores."""
        return self._engine

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def belongs_to(self, fingerprint: str) -> None:
        """Check that the keys here were made with the keyring of this fingerprint; an empty store takes it.

        Raises `OtherKeyring` when they were made with another, or with one that is not known.
        """
        with write_transaction(self._engine) as connection:
            held = _fact(connection, _FINGERPRINT)
            if held is None:
                if connection.scalar(select(data_keys.c.id).limit(1)) is not None:
                    raise OtherKeyring
                connection.execute(insert(key_store_facts).values(name=_FINGERPRINT, value=fingerprint))
            elif held != fingerprint:
                raise OtherKeyring

    def take_masters(self, masters: Sequence[str]) -> None:
        """Have new keys wrapped under the last of `masters` alone: a keyring's master keys, oldest first.

        From its commit on, a process that has not read this keyring keeps no more keys. Raises `OtherMaster`,
        and changes nothing, when the store needs a master key that is not among them.
        """
        with write_transaction(self._engine) as connection:
            held = _fact(connection, _MASTER)
            if held is None:
                _must_hold(connection, masters)
                connection.execute(insert(key_store_facts).values(name=_MASTER, value=masters[-1]))
                return
            if held not in masters:
                raise OtherMaster
            if held != masters[-1]:
                connection.execute(
                    update(key_store_facts).where(key_store_facts.c.name == _MASTER).values(value=masters[-1])
                )
            _must_hold(connection, masters)

    def must_fit(self, masters: Sequence[str]) -> None:
        """Check that these master keys (oldest first) open every key here, and that the last one wraps.

        Raises `OtherMaster`.
        """
        with read_transaction(self._engine) as connection:
            if _fact(connection, _MASTER) not in (None, masters[-1]):
                raise OtherMaster
            _must_hold(connection, masters)

    def fingerprint(self) -> str | None:
        """The fingerprint of the keyring these keys belong to; None for a store that never had one."""
        with read_transaction(self._engine) as connection:
            return _fact(connection, _FINGERPRINT)

    def masters(self) -> list[str]:
        """The ids of the master keys that any key here is wrapped under."""
        with read_transaction(self._engine) as connection:
            return _masters(connection)

    def get(self, ids: Iterable[str], /) -> dict[str, StoredKey]:
        """The keys that exist among `ids`, by id; an id that is not there is left out."""
        found: dict[str, StoredKey] = {}
        with read_transaction(self._engine) as connection:
            for batch in batches(ids):
                for key in _keys(connection, _those(batch)):
                    found[key.id] = key
        return found

    def add(self, keys: Sequence[StoredKey], spares: Sequence[StoredKey] = (), /) -> None:
        """Keep new keys, all or none: `keys` are taken by the caller, `spares` wait for whoever takes them.

        Raises `MasterChanged` when they are not under the master key that wraps now, and `StoreUnavailable`
        when an id is already there.
        """
        fresh = [*keys, *spares]
        if fresh:
            with self._taking() as connection:
                # Locked, so that a rotation waits for these keys and then finds them.
                master = _fact(connection, _MASTER, lock=True)
                if master is not None and any(key.master_id != master for key in fresh):
                    raise MasterChanged
                connection.execute(insert(data_keys), [_row(key) for key in fresh])
                quarantine.put_in(connection, [key.id for key in spares])
                quarantine.take_in_hand(connection, self._holder, [key.id for key in keys])

    def take(self, count: int, master_id: str, /) -> list[StoredKey]:
        """At most `count` keys that nobody had taken; committed, they are the caller's alone.

        Raises `MasterChanged` when another master key than `master_id` wraps now.
        """
        with read_transaction(self._engine) as connection:
            if connection.scalar(select(spare_keys.c.id).limit(1)) is None:
                return []
        with self._taking() as connection:
            if _fact(connection, _MASTER, lock=True) not in (None, master_id):
                raise MasterChanged
            ids = quarantine.take_out(connection, count)
            quarantine.take_in_hand(connection, self._holder, ids)
            return [key for batch in batches(ids) for key in _keys(connection, _those(batch))]

    def still_taken(self, ids: Iterable[str], /) -> set[str]:
        """Those of `ids` that exist and that somebody took; they count as in use from here on."""
        asked = list(ids)
        if not asked:
            return set()
        with write_transaction(self._engine) as connection:
            return quarantine.still_taken(connection, asked)

    def hold(self, ids: Iterable[str], /) -> None:
        """Say which of the keys that were taken here are not used yet; the others are.

        Those that a process held when it was killed count as lost with it.
        """
        held = frozenset(ids)
        with self._saying:
            if held == self._said:
                return
            with write_transaction(self._engine) as connection:
                quarantine.hold(connection, self._holder, held)
            self._said = held

    @contextmanager
    def _taking(self) -> Iterator[Connection]:
        """A transaction in which keys are taken; what was said of those in hand counts no longer once it is over."""
        with self._saying:
            self._said = None
            with write_transaction(self._engine) as connection:
                yield connection

    def give_back(self, ids: Iterable[str], /) -> None:
        """Let others take keys that the caller took and surely did not use."""
        unused = list(ids)
        if unused:
            with write_transaction(self._engine) as connection:
                quarantine.give_back(connection, unused)

    def delete(self, ids: Iterable[str], /) -> None:
        """Destroy keys for good; an id that is not there is no error.

        On SQLite the bytes are overwritten in the file and the write-ahead log is emptied. PostgreSQL keeps
        dead rows until it vacuums; they are wrapped, and useless without the keyring.
        """
        to_destroy = list(ids)
        if not to_destroy:
            return
        with write_transaction(self._engine) as connection:
            quarantine.destroy(connection, to_destroy)
        self._emptied()

    def keys_in_store(self) -> KeysInStore:
        """Every key, those never taken, and those seen unused, at one moment."""
        return quarantine.keys_in_store(self._engine)

    def swept_at(self) -> datetime | None:
        """When unused keys were looked for last (real time, UTC), or None."""
        return quarantine.swept_at(self._engine)

    def sweep(self, plan: KeySweepPlan, at: datetime, /) -> None:
        """Carry out what a sweep decided `at` this real time. Destroyed keys are gone as after `delete`."""
        quarantine.carry_out(self._engine, plan, at)
        if plan.to_destroy or plan.spares:
            self._emptied()

    def all_ids(self) -> list[str]:
        """The id of every key."""
        with read_transaction(self._engine) as connection:
            take_long(connection)
            return list(connection.scalars(select(data_keys.c.id).order_by(data_keys.c.id)))

    def not_under(self, master_id: str, limit: int, /) -> list[StoredKey]:
        """At most `limit` keys that another master key than `master_id` wrapped."""
        query = select(data_keys).where(data_keys.c.master_id != master_id).order_by(data_keys.c.id)
        with read_transaction(self._engine) as connection:
            take_long(connection)
            return list(_keys(connection, query.limit(limit)))

    def replace(self, keys: Sequence[StoredKey], /) -> None:
        """Put a new wrapping on keys that exist. A key deleted meanwhile stays deleted."""
        if not keys:
            return
        change = (
            update(data_keys)
            .where(data_keys.c.id == bindparam("of"))
            .values(master_id=bindparam("master"), wrapped=bindparam("blob"))
        )
        rows = [{"of": key.id, "master": key.master_id, "blob": key.wrapped} for key in keys]
        with write_transaction(self._engine) as connection:
            connection.execute(change, rows)
        self._emptied()

    def _emptied(self) -> None:
        if self._engine.dialect.name != "sqlite":
            return
        # secure_delete cleans the database file alone; older pages wait in the log until it is emptied.
        # A reader may be holding the log open; the next deletion or close then empties it. SQLite would keep every
        # writer waiting for as long as it waits for that reader, so it is asked again instead.
        until = time.monotonic() + _EMPTYING_SECONDS
        while not self._emptied_now() and time.monotonic() < until:
            time.sleep(_TURN_SECONDS)

    def _emptied_now(self) -> bool:
        try:
            connection = self._engine.raw_connection()
            try:
                cursor = connection.cursor()
                [(patience,)] = cursor.execute("PRAGMA busy_timeout").fetchall()
                cursor.execute("PRAGMA busy_timeout=0")
                try:
                    [(busy, *_)] = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                finally:
                    cursor.execute(f"PRAGMA busy_timeout={patience:d}")
                cursor.close()
            finally:
                connection.close()
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreUnavailable from error
        return not busy


_NEXT_MASTER = select(func.min(data_keys.c.master_id)).where(data_keys.c.master_id > bindparam("last"))


def _fact(connection: Connection, name: str, *, lock: bool = False) -> str | None:
    query = select(key_store_facts.c.value).where(key_store_facts.c.name == name)
    value = connection.scalar(query.with_for_update(read=True) if lock else query)
    return None if value is None else str(value)


def _masters(connection: Connection) -> list[str]:
    # Each by the index, from the one before it: they are asked for every few seconds, and there are few of them among
    # very many keys.
    found: list[str] = []
    while (master := connection.scalar(_NEXT_MASTER, {"last": found[-1] if found else ""})) is not None:
        found.append(str(master))
    return found


def opened_by(connection: Connection) -> tuple[str, tuple[str, ...]]:
    """The fingerprint of the keyring that opens a store's keys, or empty, and the master keys they need."""
    return _fact(connection, _FINGERPRINT) or "", tuple(_masters(connection))


def _must_hold(connection: Connection, masters: Sequence[str]) -> None:
    if not set(_masters(connection)) <= set(masters):
        raise OtherMaster


def _those(ids: Sequence[str]) -> Select[tuple[str, str, bytes, str]]:
    return select(data_keys).where(data_keys.c.id.in_(ids))


def _row(key: StoredKey) -> dict[str, object]:
    return {
        "id": key.id,
        "master_id": key.master_id,
        "wrapped": key.wrapped,
        "created_at": utc_text(key.created_at),
    }


def _keys(connection: Connection, query: Select[tuple[str, str, bytes, str]]) -> Iterator[StoredKey]:
    for row in connection.execute(query).mappings():
        yield StoredKey(
            id=row["id"],
            master_id=row["master_id"],
            wrapped=bytes(row["wrapped"]),
            created_at=datetime.fromisoformat(row["created_at"]),
        )
