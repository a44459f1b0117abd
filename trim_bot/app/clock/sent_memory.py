"""Remembers what a platform has taken and could not be marked yet, so that it is not sent a second time."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from trim_bot.app.clock.lanes import Letter
from trim_bot.app.clock.units import Units
from trim_bot.app.waiting import outbox
from trim_bot.domain.steps import Outgoing

HOLD = timedelta(seconds=12)
"""After a store that was away, so long no ordinary message is claimed: every worker first marks what it remembers."""
APART = timedelta(minutes=1)
"""A store that comes and goes holds messages up no more often than this."""


class SentMemory:
    """What this process has sent and not marked. Nothing is claimed before all of it is marked."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._unmarked: dict[str, tuple[Letter, str]] = {}
        self._going: set[str] = set()
        self._was_away = False
        self._held_until: datetime | None = None

    def knows(self, outgoing: Outgoing) -> bool:
        """Whether a message has gone out although it is still queued."""
        return outgoing.id in self._unmarked or outgoing.id in self._going

    def store_was_away(self) -> None:
        """The store did not answer."""
        self._was_away = True

    async def mark(self, letter: Letter, handle: str) -> None:
        """Mark a message as sent, or remember it until that can be done."""
        id = letter.outgoing.id
        self._going.add(id)
        try:
            if not await self._marked(letter, handle):
                self._unmarked[id] = (letter, handle)
                self._was_away = True
        finally:
            self._going.discard(id)

    async def settle(self) -> None:
        """Mark what is remembered, as far as the store lets us."""
        for id, (letter, handle) in list(self._unmarked.items()):
            if await self._marked(letter, handle):
                self._unmarked.pop(id, None)

    def may_claim(self) -> bool:
        """Whether ordinary messages may be claimed: not in the first moments after the store was away."""
        if self._unmarked:
            return False
        real = self._units.real()
        if self._was_away:
            self._was_away = False
            if self._held_until is None or abs(real - self._held_until) > APART:
                self._held_until = real + HOLD
        return self._held_until is None or not timedelta() < self._held_until - real <= HOLD

    async def _marked(self, letter: Letter, handle: str) -> bool:
        """In full, or failing that only that it was sent: a message that has gone out never goes out again."""
        for way in (outbox.mark_sent, outbox.mark_only):
            act = partial(way, outgoing=letter.outgoing, handle=handle)
            if await self._units.worked(letter.organisation, act):
                return True
        return False
