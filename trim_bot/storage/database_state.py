"""The state of one database: whether a restore into it is under way, and whether it takes a write and is whole."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, text

from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.storage.row_security import of, read_through, see
from trim_bot.storage.small_stores import (
    durable_engine,
    place_of,
    read_transaction,
    sqlite_file,
    write_transaction,
)
from trim_bot.storage.tables import meta

OF_THE_DATABASE = ""
"""Stands where a fact of one organisation has that organisation."""

RESTORING = "restore_pending"
"""The name of the fact that stands while a restore has not ended."""
_MINE = (meta.c.organisation == OF_THE_DATABASE, meta.c.name == RESTORING)


def restore_pending(url: str) -> bool:
    """Whether a restore into the data at `url` was begun and not ended: nobody may be served until it is.

    Raises `NoStore`, `StoreUnavailable` (also when the schema was never made).
    """
    engine = durable_engine(url, create=False)
    try:
        with read_transaction(engine) as connection:
            see(connection, of(OF_THE_DATABASE))
            return is_restoring(connection)
    finally:
        engine.dispose()


def is_restoring(connection: Connection) -> bool:
    """Whether a restore into the data is under way, read in a transaction of the caller's."""
    return connection.scalar(select(meta.c.value).where(*_MINE)) is not None


def mark_restoring(connection: Connection) -> None:
    """Note that a restore has begun; one that was cut short at once may have noted it too."""
    connection.execute(delete(meta).where(*_MINE))
    row = {"organisation": OF_THE_DATABASE, "name": RESTORING, "value": "yes"}
    connection.execute(insert(meta), row)


def mark_restored(connection: Connection) -> None:
    """Note that the restore has ended, the ledger replayed and the journal found whole."""
    connection.execute(delete(meta).where(*_MINE))


def fact(connection: Connection, name: str) -> str | None:
    """What the database knows of itself under this name, or None."""
    return connection.scalar(
        select(meta.c.value).where(meta.c.organisation == OF_THE_DATABASE, meta.c.name == name)
    )


def put_fact(connection: Connection, name: str, value: str) -> None:
    """Keep it, in place of what stood there."""
    connection.execute(delete(meta).where(meta.c.organisation == OF_THE_DATABASE, meta.c.name == name))
    connection.execute(insert(meta), {"organisation": OF_THE_DATABASE, "name": name, "value": value})


def drop_fact(connection: Connection, name: str) -> None:
    """Keep it no longer."""
    connection.execute(delete(meta).where(meta.c.organisation == OF_THE_DATABASE, meta.c.name == name))


LEAST_BYTES = 4 * 1024 * 1024
"""Free room that one store needs under it: as much as its log grows to between two emptyings."""


def try_writing(url: str) -> None:
    """Commit something that changes nothing for anybody. Raises StoreUnavailable with its cause, NoStore.

    On SQLite it writes the first page of the file; on PostgreSQL it takes a transaction's number, written ahead.
    """
    engine = durable_engine(url, create=False)
    try:
        file = sqlite_file(engine)
        if file is not None and _free(file) < LEAST_BYTES:
            raise StoreUnavailable(StoreTrouble.FULL, str(file))
        with write_transaction(engine) as connection:
            if file is None:
                connection.execute(text("SELECT txid_current()"))
            else:
                mark = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
                connection.exec_driver_sql(f"PRAGMA user_version = {int(mark)}")
    finally:
        engine.dispose()


def check_integrity(url: str) -> None:
    """Read a whole store and compare it with what it says of itself. Raises StoreUnavailable, NoStore.

    SQLite has a quick check of its own; PostgreSQL notices a damaged page when it is read.
    """
    engine = durable_engine(url, create=False)
    try:
        with read_transaction(engine) as connection:
            whole = read_through(connection) if sqlite_file(engine) is None else _quickly_checked(connection)
    finally:
        engine.dispose()
    if not whole:
        raise StoreUnavailable(StoreTrouble.DAMAGED, place_of(engine.url))


def _quickly_checked(connection: Connection) -> bool:
    return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"


def _free(file: Path) -> int:
    found = os.statvfs(file.parent)
    return found.f_bavail * found.f_frsize
