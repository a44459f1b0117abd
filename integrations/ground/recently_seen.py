"""What came in or was shown a short while ago, kept in memory alone and never for long."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
Later = Callable[[float, Callable[[], None]], object]
"""Calls something once so many seconds have gone by."""


def _in_this_loop(seconds: float, call: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(seconds, call)


class RecentlySeen(Generic[T]):
    """The newest things by a text of their own: at most `most`, none older than `seconds` of `monotonic`."""

    def __init__(
        self,
        most: int,
        seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
        later: Later = _in_this_loop,
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._monotonic = monotonic
        self._later = later
        self._waiting = False
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def keep(self, key: str, value: T) -> None:
        """Keep one; what is too much goes at once, and what is too old by itself."""
        self._kept.pop(key, None)
        self._kept[key] = (self._monotonic(), value)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        if not self._waiting:
            self._waiting = True
            self._later(self._seconds, self._leave)

    def _leave(self) -> None:
        """Let go of what is too old, and come again for the next."""
        self._waiting = False
        now = self._monotonic()
        while self._kept:
            left = next(iter(self._kept.values()))[0] + self._seconds - now
            if left > 0:
                self._waiting = True
                self._later(left, self._leave)
                return
            self._kept.popitem(last=False)

    def drop(self, key: str) -> None:
        """Keep one no longer, if it is there."""
        self._kept.pop(key, None)

    def find(self, key: str) -> T | None:
        """One that was kept lately, or None."""
        found = self._kept.get(key)
        if found is None or self._monotonic() - found[0] >= self._seconds:
            return None
        return found[1]
