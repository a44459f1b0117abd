"""Where the keys that a transaction lacks are fetched: within it, within it for a moment, or outside."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from datetime import timedelta
from enum import Enum
from threading import Lock
from typing import TypeVar

T = TypeVar("T")
MOMENT = timedelta(milliseconds=250)
"""How long a transaction waits for a key store on a server; a good one answers in two or three milliseconds."""
LOCKED = timedelta(seconds=1)
"""How long a transaction waits for whoever has the file of the keys locked; in order, that is milliseconds."""
AGAIN = timedelta(seconds=30)
"""How long no transaction waits for a key store that once took longer."""
_AT_ONCE = 4


class KeyDistance(Enum):
    """How far away the keys are."""

    FILE = "file"
    """The key store is a file beside the data: a transaction fetches what it lacks, unless it stays locked."""
    SERVER = "server"
    """The key store is a database server: a transaction waits for it for a moment, and not at all while it is slow."""
    SERVICE = "service"
    """A key service holds the keyring: no transaction waits for anything of it."""


class TooFar(Exception):
    """Not from within a transaction: the work is to be undone, the keys fetched, and the work begun again."""


class KeyReach:
    """Asks the key store from within transactions, where that may be. Safe to use from several threads.

    `steady` gives the time since boot; `moment` is how long a server is waited for.
    """

    def __init__(
        self, reach: KeyDistance, steady: Callable[[], timedelta], *, moment: timedelta = MOMENT
    ) -> None:
        self._reach = reach
        self._steady = steady
        self._moment = moment
        self._lock = Lock()
        self._slow_until: timedelta | None = None
        self._pool: ThreadPoolExecutor | None = None

    def within(self, ask: Callable[[], T], *, changes: bool = False) -> T:
        """What `ask` returns or raises. Raises `TooFar` where nothing may be asked, or no answer came in time.

        `changes` says that it writes, for which even a file may be waited: somebody else may have it locked.
        What was asked of a server goes on all the same, and what it brings into memory stays there.
        """
        match self._reach:
            case KeyDistance.FILE:
                return self._for_a_moment(ask, LOCKED) if changes else ask()
            case KeyDistance.SERVER:
                return self._for_a_moment(ask, self._moment)
            case KeyDistance.SERVICE:
                raise TooFar

    def close(self) -> None:
        """Ask nothing more; nobody is waited for."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False)

    def _for_a_moment(self, ask: Callable[[], T], moment: timedelta) -> T:
        with self._lock:
            if self._slow_until is not None and self._steady() < self._slow_until:
                raise TooFar
            if self._pool is None:
                self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="keys-in-time")
            asked: Future[T] = self._pool.submit(copy_context().run, ask)
        if wait([asked], moment.total_seconds()).done:
            return asked.result()
        asked.cancel()
        with self._lock:
            self._slow_until = self._steady() + AGAIN
        raise TooFar
