"""What came in or was shown a short while ago, kept in memory alone and never for long."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lately(Generic[T]):
    """The newest things by a text of their own: at most `most`, none older than `seconds` of `monotonic`."""

    def __init__(self, most: int, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def keep(self, key: str, value: T) -> None:
        """Keep one; what is too old or too much goes."""
        now = self._monotonic()
        self._kept.pop(key, None)
        self._kept[key] = (now, value)
        while self._kept:
            oldest = next(iter(self._kept.values()))[0]
            if len(self._kept) <= self._most and now - oldest < self._seconds:
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
