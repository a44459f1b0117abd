"""Tells of work that failed and comes again: a store that is away is the outage, whoever notices it."""

from __future__ import annotations

import time
from collections.abc import Callable

from trim_bot.app.seam.log_events import LogEvent, Tell
from trim_bot.app.watch.outages import Outages
from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.domain.outages import OutagePart

AGAIN_SECONDS = 60.0 * 60
"""Work that fails again in the same way says so once in so long."""

Meaning = Callable[[StoreUnavailable], tuple[OutagePart, str, str]]
"""Which store an error is about, why, and the variable to look at."""


class SweepFaults:
    """What the ticker tells when something did not end well."""

    def __init__(
        self,
        outages: Outages,
        means: Meaning,
        tell: Tell,
        described: Callable[[BaseException], str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`described` tells errors of different kinds and places apart; `monotonic` gives seconds."""
        self._outages = outages
        self._means = means
        self._tell = tell
        self._described = described
        self._monotonic = monotonic
        self._said: dict[tuple[str, str], float] = {}

    def failed(self, name: str, error: Exception) -> None:
        """The work of this name has failed."""
        passing = (StoreTrouble.BUSY, StoreTrouble.HELD_BACK)
        if isinstance(error, StoreUnavailable) and error.trouble not in passing:
            part, cause, look_at = self._means(error)
            self._outages.began(part, cause, look_at)
            return
        key, now = (name, self._described(error)), self._monotonic()
        if now - self._said.get(key, now - AGAIN_SECONDS) >= AGAIN_SECONDS:
            self._said[key] = now
            self._tell(LogEvent.SWEEP, error, name)
