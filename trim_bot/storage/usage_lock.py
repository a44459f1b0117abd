"""Shows whether anybody uses a place now: shared by all who work with it, or one's alone, as a restore needs it."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.storage.errors import trouble_of_system

_LOCK = 7_241_906_121
"""Any constant will do: locks of PostgreSQL are told apart by database."""


class InUse(SafeError):
    """Somebody works with this place, or brings it back from a backup."""

    text = "A desk or a command works with these databases: stop the desk first"


class UsageLock:
    """Holds a lock from `take` until `close`. The system lets go of it however the process ends.

    For SQLite it is a file beside the database, for PostgreSQL an advisory lock on a connection of its own.
    """

    def __init__(self, url: str, *, alone: bool = False) -> None:
        self._url = make_url(url)
        self._alone = alone
        self._handle: int | None = None
        self._connection: Connection | None = None

    def take(self) -> None:
        """Take the lock without waiting. Raises `InUse`, `StoreUnavailable`."""
        if self._url.get_backend_name() == "postgresql":
            self._take_advisory()
        elif self._url.database and self._url.database != ":memory:":
            self._take_file(Path(self._url.database))

    def renew(self) -> None:
        """Take it again where the server let go of it, as after its restart. Raises as `take` does."""
        if self._connection is None:
            return
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.close()
            self.take()

    def close(self) -> None:
        """Let go of it; done again, nothing happens."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        if self._connection is not None:
            # By word: a server notices a connection that ended only in its own time, and whoever comes next would
            # read that this use, perhaps a restore, has not ended.
            with suppress(SQLAlchemyError):
                self._connection.execute(
                    text(f"SELECT {self._calls('pg_advisory_unlock')}(:lock)"), {"lock": _LOCK}
                )
            self._connection.close()
            self._connection.engine.dispose()
            self._connection = None

    def _take_file(self, database: Path) -> None:
        if not database.parent.is_dir():
            return
        try:
            handle = os.open(database.with_name(f"{database.name}.use"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreUnavailable(trouble_of_system(error), str(database)) from error
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if self._alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if isinstance(error, BlockingIOError):
                raise InUse from None
            raise StoreUnavailable(trouble_of_system(error), str(database)) from error
        self._handle = handle

    def _take_advisory(self) -> None:
        engine = create_engine(
            self._url.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={"connect_timeout": 3, "application_name": "trim-bot presence"},
        )
        try:
            connection = engine.connect()
            taken = connection.scalar(
                text(f"SELECT {self._calls('pg_try_advisory_lock')}(:lock)"), {"lock": _LOCK}
            )
        except SQLAlchemyError:
            engine.dispose()
            raise StoreUnavailable from None
        if not taken:
            connection.close()
            engine.dispose()
            raise InUse
        self._connection = connection

    def _calls(self, function: str) -> str:
        return function if self._alone else f"{function}_shared"
