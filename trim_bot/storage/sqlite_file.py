"""Makes a SQLite file ready before anybody uses it, for every store alike, however many begin together."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

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
    engine = create_engine(address, hide_parameters=True, **pool)

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
