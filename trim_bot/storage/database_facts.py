"""Facts about this one database, such as whether a restore into it is still under way."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from trim_bot.storage.small_stores import durable_engine, reading
from trim_bot.storage.tables import meta

OF_THE_DATABASE = ""
"""Stands where a fact of one organisation has that organisation."""

_RESTORING = "restore_pending"
_MINE = (meta.c.organisation == OF_THE_DATABASE, meta.c.name == _RESTORING)


def restore_pending(url: str) -> bool:
    """Whether a restore into the data at `url` was begun and not ended: nobody may be served until it is.

    Raises `NoStore`, `StoreUnavailable` (also when the schema was never made).
    """
    engine = durable_engine(url, create=False)
    try:
        with reading(engine) as connection:
            return is_restoring(connection)
    finally:
        engine.dispose()


def is_restoring(connection: Connection) -> bool:
    """The same in a transaction of the caller's."""
    return connection.scalar(select(meta.c.value).where(*_MINE)) is not None


def mark_restoring(connection: Connection) -> None:
    """Note that a restore has begun."""
    row = {"organisation": OF_THE_DATABASE, "name": _RESTORING, "value": "yes"}
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
