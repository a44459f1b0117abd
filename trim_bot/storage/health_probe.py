"""Tries whether a store takes a write now and is whole, without a row of anybody's."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.storage.small_stores import committed, durable_engine, reading, sqlite_file

LEAST_BYTES = 4 * 1024 * 1024
"""Free room that one store needs under it: as much as its log grows to between two emptyings."""


def try_writing(url: str) -> None:
    """Commit something that changes nothing for anybody. Raises StoreUnavailable with its cause, NoStore.

    On SQLite it writes the first page of the file. On PostgreSQL it takes a transaction's number, which is
    written ahead like any other commit.
    """
    engine = durable_engine(url, create=False)
    try:
        file = sqlite_file(engine)
        if file is not None and _free(file) < LEAST_BYTES:
            raise StoreUnavailable(StoreTrouble.FULL, str(file))
        with committed(engine) as connection:
            if file is None:
                connection.execute(text("SELECT txid_current()"))
            else:
                mark = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
                connection.exec_driver_sql(f"PRAGMA user_version = {int(mark)}")
    finally:
        engine.dispose()


def look_through(url: str) -> None:
    """Read a whole store and compare it with what it says of itself. Raises StoreUnavailable, NoStore.

    SQLite has a quick check of its own; PostgreSQL notices a damaged page when it is read.
    """
    engine = durable_engine(url, create=False)
    try:
        with reading(engine) as connection:
            whole = _counted(connection) if sqlite_file(engine) is None else _quickly_checked(connection)
    finally:
        engine.dispose()
    if not whole:
        raise StoreUnavailable(StoreTrouble.DAMAGED, engine.url.database or "")


def _quickly_checked(connection: Connection) -> bool:
    return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"


def _counted(connection: Connection) -> bool:
    quoted = connection.dialect.identifier_preparer.quote
    for name in inspect(connection).get_table_names():
        connection.execute(text(f"SELECT count(*) FROM {quoted(name)}"))  # noqa: S608 (a name of the database's own)
    return True


def _free(file: Path) -> int:
    found = os.statvfs(file.parent)
    return found.f_bavail * found.f_frsize
