"""Which version of the schema a database has, and which belongs to this program: read without what migrates it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, inspect, text

from trim_bot.domain.errors import SafeError
from trim_bot.storage.small_stores import durable_engine, read_transaction

_TABLE = "alembic_version"
_STEPS = "trim_bot.storage.migrations.versions"


class NewerSchema(SafeError):
    """The database was already brought to a later version than this one."""

    text = "The database belongs to a later version of this program"


def head() -> str:
    """The schema revision that belongs to this version."""
    return max(known())


def pending(url: str) -> bool:
    """Whether the schema at `url` is behind this version.

    Raises `NewerSchema`, `NoStore`, `StoreUnavailable`.
    """
    engine = durable_engine(url, create=False)
    try:
        with read_transaction(engine) as connection:
            return behind(connection)
    finally:
        engine.dispose()


def behind(connection: Connection) -> bool:
    """Whether the schema is behind this version, in a transaction of the caller's. Raises `NewerSchema`."""
    at = None
    if inspect(connection).has_table(_TABLE):
        at = connection.scalar(text(f"SELECT version_num FROM {_TABLE}"))  # noqa: S608 (a name of ours)
    if at is not None and at not in known():
        raise NewerSchema
    return at != head()


@cache
def known() -> frozenset[str]:
    """Every revision there is: the number with which the file of each step begins."""
    names = (one.name for one in files(_STEPS).iterdir() if one.name.endswith(".py"))
    return frozenset(name.partition("_")[0] for name in names if name[:1].isdigit())
