"""Opens the database of the data, so that every commit is on disk and nothing typed gets into an error."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError

from trim_bot.domain.errors import SafeError, StoreTrouble, StoreUnavailable
from trim_bot.storage.compiled import COMPILED_ONCE
from trim_bot.storage.errors import NotStorable, RecordExists, trouble_of
from trim_bot.storage.plan_statistics import renew_plan_statistics
from trim_bot.storage.row_security import SETTING, of, see
from trim_bot.storage.small_stores import make_file, sqlite_engine, sqlite_file

_CONNECT_SECONDS = 3
_STATEMENT_SECONDS = 10
_IDLE_SECONDS = 60
"""A transaction that says nothing for so long is ended by the server, so that a process that was suspended before its
commit does not commit once others found that nothing came of it (`settling.WAIT_SECONDS`)."""


class RunAgain(Exception):
    """The database chose this transaction to give way, or dropped the connection before the commit."""


def writing_engine(url: str, busy_seconds: float) -> Engine:
    """An engine for one writer thread. SQLite takes its one write lock when a transaction begins.

    `busy_seconds` is how long a transaction waits for a lock that another process holds.
    """
    return _engine(make_url(url), busy_seconds, reading=False, connections=1)


def reading_engine(url: str, busy_seconds: float, connections: int) -> Engine:
    """An engine whose transactions see one snapshot and can change nothing."""
    return _engine(make_url(url), busy_seconds, reading=True, connections=connections)


def lock(connection: Connection, name: str) -> None:
    """Let one transaction at a time go past here for each name; until it ends.

    On SQLite the transaction is alone already. On PostgreSQL everything read after this is up to date.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"name": name})


def enter(connection: Connection, organisation: str, *, alone: bool) -> None:
    """See one organisation until the transaction ends, and where it writes be `alone` in it: in one round trip."""
    if connection.dialect.name == "postgresql" and alone:
        connection.execute(_ENTER_ALONE, {"name": organisation, "sees": of(organisation)})
    else:
        see(connection, of(organisation))


def enter_at_once(connection: Connection, organisation: str) -> bool:
    """As `enter`, where the transaction has one organisation already: False, without waiting, if this one is taken.

    Whoever holds one and waited for another could wait for somebody who waits for the first.
    """
    if connection.dialect.name != "postgresql":
        return True
    asked = {"name": organisation, "sees": of(organisation)}
    return bool(connection.execute(_ENTER_AT_ONCE, asked).scalar())


def must_be_sound(connection: Connection) -> None:
    """Check that no statement of this transaction failed, also where whoever ran it went on. Raises `NotStorable`.

    PostgreSQL keeps nothing of such a transaction, and yet answers a commit without an error.
    """
    if connection.dialect.name == "postgresql":
        driver = connection.connection.driver_connection
        if driver is not None and driver.info.transaction_status.name == "INERROR":
            raise NotStorable


_HASH = "hashtextextended(:name, 7241906115)"
_LOCK = text(f"SELECT pg_advisory_xact_lock({_HASH})")
_SIGHT = f"set_config('{SETTING}', :sees, true)"
_ENTER_ALONE = text(f"SELECT pg_advisory_xact_lock({_HASH}), {_SIGHT}")
_ENTER_AT_ONCE = text(f"SELECT pg_try_advisory_xact_lock({_HASH}), {_SIGHT}")


def clock_of(connection: Connection) -> datetime | None:
    """The time of the database's server now (UTC); None for SQLite, which has only ours."""
    if connection.dialect.name != "postgresql":
        return None
    told: datetime | None = connection.scalar(text("SELECT clock_timestamp()"))
    return told


def fault_of(error: SQLAlchemyError, *, committing: bool, database: str = "") -> SafeError | RunAgain:
    """What an error of the database means to us, without a word of what was being kept."""
    if isinstance(error, IntegrityError):
        return RecordExists() if _is_taken(error.orig) else NotStorable()
    if not isinstance(error, DBAPIError):
        return NotStorable()
    if getattr(error.orig, "sqlstate", None) in ("40001", "40P01"):
        return RunAgain()
    if error.connection_invalidated and not committing:
        return RunAgain()
    trouble = trouble_of(error)
    unavailable = isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
    if unavailable or trouble is not StoreTrouble.AWAY:
        return StoreUnavailable(trouble, database)
    return NotStorable()


def _is_taken(error: BaseException | None) -> bool:
    name = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return name in ("23505", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE")


def _engine(address: URL, busy_seconds: float, *, reading: bool, connections: int) -> Engine:
    if address.get_backend_name() == "postgresql":
        return _postgresql(address, busy_seconds, reading=reading, connections=connections)
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        raise ValueError("the address must name a SQLite file or PostgreSQL")
    if not reading:
        path = Path(str(address.database))
        make_file(path)
        renew_plan_statistics(path)
    engine = sqlite_engine(
        address, int(busy_seconds * 1000), query_only=reading, pool_size=connections, max_overflow=0
    )
    event.listen(engine, "begin", _begin if reading else _begin_immediate)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    # A savepoint released outside an explicit transaction would be durable before the commit.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql(address: URL, busy_seconds: float, *, reading: bool, connections: int) -> Engine:
    settings = {
        "timezone": "UTC",
        "synchronous_commit": "on",
        "lock_timeout": f"{max(1, int(busy_seconds * 1000))}ms",
        "statement_timeout": f"{_STATEMENT_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{_IDLE_SECONDS}s",
        "default_transaction_read_only": "on" if reading else "off",
    }
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        execution_options=COMPILED_ONCE,
        pool_size=connections,
        max_overflow=0,
        isolation_level="REPEATABLE READ" if reading else "READ COMMITTED",
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        },
    )


class OpenFile:
    """The file behind an engine, as it was when this was made; nothing is asked of a server."""

    def __init__(self, engine: Engine) -> None:
        self._path = sqlite_file(engine)
        self._was = self._now()

    def must_be_there(self) -> None:
        """Check that the same file is still at its path. Raises `StoreUnavailable`."""
        if self._now() != self._was:
            raise StoreUnavailable(database=str(self._path))

    def _now(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
