"""Sees that one desk alone serves from the same SQLite files: a lock beside the data, let go when it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.settings import Settings
from trim_bot.settings.store_addresses import places_of, sqlite_path
from trim_bot.storage.errors import trouble_of_system


class AnotherDesk(SafeError):
    """A desk serves from these files already."""

    def __init__(self) -> None:
        super().__init__("Another desk serves from this database already: stop it first")


class OnlyDesk:
    """The lock of one process; on PostgreSQL any number may serve, and there is nothing to hold.

    The system lets go of it however the process ends, so that a crash never leaves it behind.
    """

    def __init__(self, settings: Settings) -> None:
        self._data = sqlite_path(places_of(settings).data)
        self._handle: int | None = None

    def take(self) -> None:
        """Hold the lock from now on; nothing happens if it is held.

        Raises AnotherDesk, and StoreUnavailable where the folder takes no lock file.
        """
        if self._data is None or self._handle is not None:
            return
        lock = self._data.with_name(f"{self._data.name}.lock")
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreUnavailable(trouble_of_system(error), str(self._data)) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise AnotherDesk from None
        self._handle = handle

    def let_go(self) -> None:
        """Let others serve."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


@contextmanager
def the_only_desk(settings: Settings) -> Iterator[OnlyDesk]:
    """Hold the lock while the block runs. Raises AnotherDesk.

    Where the folder takes no lock file now, it is left to the block to take the lock before it opens the desk.
    """
    lock = OnlyDesk(settings)
    with suppress(StoreUnavailable):
        lock.take()
    try:
        yield lock
    finally:
        lock.let_go()
