"""Opens the small databases that must never lose or keep a line, and makes any SQLite file ready before its use: one
file, since every store is opened and named alike.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.storage.compiled import COMPILED_ONCE
from trim_bot.storage.errors import trouble_of, trouble_of_system

_BUSY_MS = 10_000
_CONNECT_SECONDS = 10
"""How long a server may take to let somebody in, before it counts as away."""
# Any constant will do: it keeps two processes from making the same tables, or the same facts, at once.
_CREATION_LOCK = 7_241_906_113


class NoStore(SafeError):
    """There is no database at the address, and none was to be made; `database` is its file or its name."""

    text = "There is no database at this address"

    def __init__(self, database: str = "") -> None:
        super().__init__()
        self.database = database


def durable_engine(url: str, *, create: bool = True, statement_ms: int = 0) -> Engine:
    """An engine whose commits are on disk when they return; what SQLite deletes is overwritten in its file.

    `url` names SQLite or PostgreSQL; a SQLite file is readable by its owner alone. `statement_ms` is how long a server
    may work at one statement outside `take_long`; 0 leaves it to the server. Raises `NoStore` when `create` is false
    and the file is not there.
    """
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        # A server set to answer before it has written would break the promise for this connection.
        ends = f" -c statement_timeout={statement_ms}" if statement_ms else ""
        settings = f"-c synchronous_commit=on{ends}"
        options = {"options": settings, "connect_timeout": _CONNECT_SECONDS}
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args=options,
            hide_parameters=True,
            execution_options=COMPILED_ONCE,
        )
    if address.get_backend_name() != "sqlite":
        raise ValueError("the address must name SQLite or PostgreSQL")
    path = Path(address.database) if address.database and address.database != ":memory:" else None
    if path is None:
        raise ValueError("the address must name a file")
    if not create and not path.exists():
        raise NoStore(str(path))
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
    return StoreUnavailable(trouble_of(error), place_of(engine.url))


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
        take_long(connection)
        yield connection


def take_long(connection: Connection) -> None:
    """Let the statements of this transaction take as long as they need: it goes through a whole store, and nobody
    waits for it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def wait_for_other_writers(connection: Connection) -> None:
    """Let one transaction at a time go past here, until it ends; SQLite's writer is alone already."""
    if connection.dialect.name == "postgresql":
        take_long(connection)
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
    """The file or the name of the database at an address."""
    return make_url(url).database or ""


def shown_address(url: str) -> str:
    """An address that may be shown: without its password, wherever that stands in it."""
    address = make_url(url)
    hidden = [name for name in address.query if "pass" in name.lower()]
    plain = URL.create(
        address.get_backend_name(),
        username=address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=address.query,
    )
    return plain.difference_update_query(hidden).render_as_string()


def server_of(url: str) -> tuple[str, int]:
    """Host and port of a server's address; of a file, nothing."""
    address = make_url(url)
    return address.host or "", address.port or 5432


def place_of(url: URL | str) -> str:
    """What `StoreUnavailable` names a store by: its file, or its server and database, as databases of several servers
    may have one name. Never a login.
    """
    address = make_url(url)
    name = address.database or ""
    return f"{address.host or ''}:{address.port or ''}/{name}" if address.host else name


def sqlite_file(engine: Engine) -> Path | None:
    """The file behind an engine, or None when it is not a SQLite file."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


_LOCK_SECONDS = 30.0
"""How long a process waits for another one that makes the same file ready, which takes a moment."""
_OWNER_ONLY = 0o600


def make_file(path: Path) -> None:
    """Have a file at the path, readable by its owner alone from the first byte on; one that is there stays.

    Raises OSError.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(path):
        if not path.exists():
            # It gets its name when no handle on it is open here any more: closing one would let go of the locks
            # that SQLite holds on the same file elsewhere in this process.
            handle, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            os.close(handle)
            Path(made).rename(path)


def sqlite_engine(address: URL, busy_ms: int, *, query_only: bool = False, **pool: int) -> Engine:
    """An engine on a file that is there already. Every commit is on disk; what is deleted is overwritten.

    A file that has gone meanwhile is not made anew by connecting. `busy_ms` is how long a connection waits for a
    lock that somebody else holds.
    """
    path = Path(str(address.database))
    engine = create_engine(address, hide_parameters=True, execution_options=COMPILED_ONCE, **pool)

    def connect(_dialect: object, _record: object, given: list[object], options: dict[str, object]) -> None:
        given[0], options["uri"] = _uri(path), True

    def prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        driver = getattr(connection, "driver_connection", connection)
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError("not a SQLite connection")
        driver.isolation_level = None
        _set(driver, f"busy_timeout={busy_ms}")
        if not _is_logged(driver):
            _turn_to_log(path, busy_ms)
        for pragma in ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
            _set(driver, pragma)
        _set(driver, f"query_only={'ON' if query_only else 'OFF'}")

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "connect", prepare)
    return engine


def _turn_to_log(path: Path, busy_ms: int) -> None:
    """Turn a file to its write-ahead log; whoever comes meanwhile waits.

    SQLite turns a file only for somebody who has it alone, and does not wait for that by itself.
    """
    with _one_at_a_time(path):
        alone = sqlite3.connect(_uri(path), uri=True, isolation_level=None)
        try:
            _set(alone, f"busy_timeout={max(busy_ms, int(_LOCK_SECONDS * 1000))}")
            if not _is_logged(alone):
                # This transaction waits until nobody else is at it, and what it got is kept after its end.
                _set(alone, "locking_mode=EXCLUSIVE")
                alone.execute("BEGIN EXCLUSIVE").close()
                alone.execute("COMMIT").close()
                _set(alone, "journal_mode=WAL")
        finally:
            alone.close()


def _is_logged(driver: sqlite3.Connection) -> bool:
    """Whether the file is kept with a write-ahead log, as the first look of a connection finds it."""
    [(mode,)] = driver.execute("PRAGMA journal_mode").fetchall()
    return bool(mode == "wal")


def _set(driver: sqlite3.Connection, pragma: str) -> None:
    driver.execute(f"PRAGMA {pragma}").close()


def _uri(path: Path) -> str:
    return f"file:{quote(str(path))}?mode=rw"


def _one_at_a_time(path: Path) -> _Turn:
    return _Turn(path.with_name(f"{path.name}.opening"))


class _Turn:
    """A lock file beside the database; the system lets go of it however a process ends."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path, timeout=_LOCK_SECONDS, mode=_OWNER_ONLY, thread_local=False)

    def __enter__(self) -> None:
        try:
            self._lock.acquire()
        except Timeout as error:
            raise sqlite3.OperationalError("another process does not end making the file ready") from error

    def __exit__(self, *_: object) -> None:
        self._lock.release()
