"""Opens the small databases that must never lose or keep a line: the key store and the erasure ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.storage.errors import trouble_of, trouble_of_system
from trim_bot.storage.sqlite_file import make_file, sqlite_engine

_BUSY_MS = 10_000
# Any constant will do: it keeps two processes from making the same tables, or the same facts, at once.
_CREATION_LOCK = 7_241_906_113


class NoStore(SafeError):
    """There is no database file at the address, and none was to be made."""

    def __init__(self) -> None:
        super().__init__("There is no database at this address")


def durable_engine(url: str, *, create: bool = True) -> Engine:
    """An engine whose commits are on disk when they return; what SQLite deletes is overwritten in its file.

    `url` names SQLite or PostgreSQL; a SQLite file is readable by its owner alone. Raises `NoStore` when
    `create` is false and the file is not there.
    """
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        # A server set to answer before it has written would break the promise for this connection.
        options = {"options": "-c synchronous_commit=on"}
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args=options,
            hide_parameters=True,
        )
    if address.get_backend_name() != "sqlite":
        raise ValueError("the address must name SQLite or PostgreSQL")
    path = Path(address.database) if address.database and address.database != ":memory:" else None
    if path is None:
        raise ValueError("the address must name a file")
    if not create and not path.exists():
        raise NoStore
    try:
        make_file(path)
    except OSError as error:
        raise StoreUnavailable(trouble_of_system(error), str(path)) from error
    engine = sqlite_engine(address, _BUSY_MS)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _begin_immediate(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def unavailable(engine: Engine, error: SQLAlchemyError) -> StoreUnavailable:
    """What an error of a store means, with its cause and which store it is."""
    return StoreUnavailable(trouble_of(error), engine.url.database or "")


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction. A failure of the database itself becomes `StoreUnavailable`: nothing was saved."""
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise unavailable(engine, error) from error


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads and takes no writer's lock. Raises `StoreUnavailable`."""
    try:
        with engine.execution_options(reading=True).begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise unavailable(engine, error) from error


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A reading transaction that sees one moment of the database throughout. Raises `StoreUnavailable`."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with read_transaction(engine) as connection:
        yield connection


def wait_for_other_writers(connection: Connection) -> None:
    """Let one transaction at a time go past here, until it ends; SQLite's writer is alone already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CREATION_LOCK})


def create_tables(engine: Engine, metadata: MetaData) -> None:
    """Make the tables that are not there yet; several processes may do so at the same time."""
    with write_transaction(engine) as connection:
        wait_for_other_writers(connection)
        metadata.create_all(connection)


def has_table(engine: Engine, name: str) -> bool:
    """Whether a table of this name is there. Raises `StoreUnavailable`."""
    with read_transaction(engine) as connection:
        names: set[str] = set(inspect(connection).get_table_names())
        return name in names


def utc_text(when: datetime) -> str:
    """An aware time as fixed-width UTC text, so that texts sort as times do."""
    if when.tzinfo is None:
        raise ValueError("a time must carry its zone")
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def database_of(url: str) -> str:
    """The file or the name of the database at an address, as `StoreUnavailable` names it."""
    return make_url(url).database or ""


def sqlite_file(engine: Engine) -> Path | None:
    """The file behind an engine, or None when it is not a SQLite file."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None
