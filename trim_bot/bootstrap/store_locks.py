"""Sees that one desk alone serves from the same files, and that nobody works with stores being brought back."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.settings import Settings
from trim_bot.settings.store_addresses import places_of, sqlite_path
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.errors import trouble_of_system
from trim_bot.storage.usage_lock import UsageLock


class AnotherDesk(SafeError):
    """A desk serves from these files already."""

    def __init__(self) -> None:
        super().__init__("Another desk serves from this database already: stop it first")


class SingleProcessLock:
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
def single_process(settings: Settings) -> Iterator[SingleProcessLock]:
    """Hold the lock while the block runs. Raises AnotherDesk.

    Where the folder takes no lock file now, it is left to the block to take the lock before it opens the desk.
    """
    lock = SingleProcessLock(settings)
    with suppress(StoreUnavailable):
        lock.take()
    try:
        yield lock
    finally:
        lock.let_go()


class StoreLocks:
    """The locks of one process that works with the stores. They lie where a restore looks for them.

    The ledger stays as it is when data and keys are emptied for a restore, so its lock is never emptied with them.
    """

    def __init__(self, places: Places, *, alone: bool = False) -> None:
        held = [places.ledger]
        if alone or sqlite_path(places.data) is None:
            held.append(places.data)
        self._presences = [UsageLock(url, alone=alone) for url in held]

    def take(self) -> None:
        """Take all, or none. Raises InUse, StoreUnavailable."""
        try:
            for one in self._presences:
                one.take()
        except BaseException:
            self.close()
            raise

    def renew(self) -> None:
        """Take again what a server let go of. Raises InUse, StoreUnavailable."""
        for one in self._presences:
            one.renew()

    def close(self) -> None:
        """Let go of all."""
        for one in self._presences:
            one.close()


@contextmanager
def exclusive_use(settings: Settings) -> Iterator[None]:
    """Have the stores of these settings to oneself. Raises AnotherDesk, InUse, StoreUnavailable, OSError."""
    with ExitStack() as held:
        held.enter_context(single_process(settings))
        users = StoreLocks(places_of(settings), alone=True)
        users.take()
        held.callback(users.close)
        yield
