"""Keeps what goes out within what Microsoft lets an app ask, so that it is spread out before anybody refuses it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from trim_bot.domain.errors import TryLater

Windows = tuple[tuple[float, int], ...]
"""Spans in seconds, each with how many may begin within it."""
TENANT: Windows = ((1.0, 50),)
"""All that one app may ask in one tenant."""
SENDS: Windows = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
"""What may be sent to one conversation, or asked to be opened with one person."""
READS: Windows = ((1.0, 14), (2.0, 16), (30.0, 120), (3600.0, 3600))
"""How often the members of one conversation may be asked for."""
GRAPH: Windows = ((1.0, 20),)
"""What Graph is asked about one tenant: its own limits are higher, and others ask it too."""
LONGEST_WAIT = 5.0
"""Whoever would wait longer, in seconds, comes again later, so that nobody holds a lease by waiting."""
MOST_THREADS = 5_000


class Line:
    """Turns given out first come, first served, never more of them within a span than its windows allow."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._given: deque[float] = deque(maxlen=max(most for _, most in windows))

    def next_turn(self, now: float) -> float:
        """When the next turn would be, in seconds of the same clock as `now`."""
        turn = max(now, self._given[-1]) if self._given else now
        for span, most in self._windows:
            if len(self._given) >= most:
                turn = max(turn, self._given[-most] + span)
        return turn

    def take(self, turn: float) -> None:
        """Give out the turn at `turn`."""
        self._given.append(turn)

    def is_idle(self, now: float) -> bool:
        """Whether no turn that was given out matters any more."""
        longest = max(span for span, _ in self._windows)
        return not self._given or self._given[-1] + longest <= now


@dataclass(slots=True)
class _Thread:
    line: Line
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Throttle:
    """Who goes when. `monotonic` gives seconds, `pause` waits for some of them; tests bring their own."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._pause = pause
        self._tenants: dict[str, Line] = {}
        self._threads: dict[tuple[str, Windows], _Thread] = {}
        self._crowded = MOST_THREADS

    async def turn(self, tenant: str, thread: str, windows: Windows = SENDS) -> None:
        """Wait for one's turn, first in the conversation and then in the tenant. Raises TryLater for a long wait."""
        own = self._thread(thread, windows)
        async with own.lock:
            # Waiting for the conversation first keeps a busy one from holding up the whole tenant.
            await self._wait(own.line.next_turn(self._monotonic()))
            line = self._tenants.setdefault(tenant, Line(TENANT))
            turn = line.next_turn(self._monotonic())
            self._bearable(turn)
            line.take(turn)
            own.line.take(turn)
            await self._wait(turn)

    async def _wait(self, turn: float) -> None:
        wait = self._bearable(turn)
        if wait > 0:
            await self._pause(wait)

    def _bearable(self, turn: float) -> float:
        wait = turn - self._monotonic()
        if wait > LONGEST_WAIT:
            raise TryLater(wait)
        return wait

    def _thread(self, thread: str, windows: Windows) -> _Thread:
        if len(self._threads) >= self._crowded:
            now = self._monotonic()
            for key, one in list(self._threads.items()):
                if one.line.is_idle(now) and not one.lock.locked():
                    del self._threads[key]
            # Only once there are twice as many: a note to everybody would look through all of them at each turn.
            self._crowded = max(MOST_THREADS, 2 * len(self._threads))
        return self._threads.setdefault((thread, windows), _Thread(Line(windows)))
