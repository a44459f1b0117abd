"""Sees that one desk alone serves from the same SQLite files: a lock beside the data, let go when it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from trim_bot.bootstrap.places import places_of, sqlite_path
from trim_bot.domain.errors import SafeError
from trim_bot.settings import Settings


class AnotherDesk(SafeError):
    """A desk serves from these files already."""

    def __init__(self) -> None:
        super().__init__("Another desk serves from this database already: stop it first")


@contextmanager
def the_only_desk(settings: Settings) -> Iterator[None]:
    """Hold the lock; on PostgreSQL any number may serve. Raises AnotherDesk, OSError.

    The system lets go of it however the process ends, so that a crash never leaves it behind.
    """
    data = sqlite_path(places_of(settings).data)
    if data is None:
        yield
        return
    handle = os.open(data.with_name(f"{data.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherDesk from None
        yield
    finally:
        os.close(handle)
