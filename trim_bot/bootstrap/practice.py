"""Practice without a cast: the movable clock, and the chats of whoever uses the browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.web.ports import Practice, PracticeMessage, PracticePerson
from trim_bot.app.clock.clocks import MovableClock
from trim_bot.app.seam.ports import Clock
from trim_bot.app.seam.views import Message
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.domain.people import Address

ZONE = "Europe/London"
_JUMPS = (("+1 day", 1), ("day 3", 3), ("one month", 28))


class PracticeMessenger:
    """The port `Messenger` for the browser, in memory: what a chat would show, by member."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._chats: dict[str, list[PracticeMessage]] = {}

    async def send(self, address: Address, message: Message, route: str) -> str:
        """Put a message into the member's chat; no route is needed."""
        chat = self._chats.setdefault(address.text, [])
        chat.append(PracticeMessage(self._clock.now(), message))
        return f"practice-{len(chat)}"

    def messages(self, address: Address) -> Sequence[PracticeMessage]:
        """What one chat holds, oldest first."""
        return tuple(self._chats.get(address.text, ()))


@dataclass(frozen=True, slots=True)
class PracticeParts:
    """What a practice workspace is built from."""

    deployment: Deployment
    clock: MovableClock
    messenger: PracticeMessenger
    drain: Callable[[], Awaitable[int]]
    """Does all that is due by business time; how many things ran."""
    look_up_slug: Callable[[], Awaitable[None]]
    """To be awaited after an organisation was made."""


MakePractice = Callable[[PracticeParts], Awaitable[Practice]]
"""Builds a practice workspace, with whatever it puts into the store."""


class BarePractice:
    """The practice port with nobody in it: tests bring their own members."""

    def __init__(self, parts: PracticeParts) -> None:
        self._parts = parts

    def now(self) -> datetime:
        """Business time, UTC."""
        return self._parts.clock.now()

    def zone(self) -> str:
        """The zone in which the clock is spoken."""
        return ZONE

    async def move(self, to: datetime) -> int:
        """Move business time on and do what comes due. Raises ValueError when backwards."""
        await self._parts.clock.set(to)
        return await self._parts.drain()

    def people(self) -> Sequence[PracticePerson]:
        """Nobody: a workspace without made-up people has none to become."""
        return ()

    def messages(self, address: Address) -> Sequence[PracticeMessage]:
        """What the chat of one member holds, oldest first."""
        return self._parts.messenger.messages(address)

    def jumps(self) -> Sequence[tuple[str, datetime]]:
        """Times worth moving to, counted from now."""
        return tuple((label, self.now() + timedelta(days=days)) for label, days in _JUMPS)


async def bare_practice(parts: PracticeParts) -> Practice:
    """Practice with nobody in it."""
    return BarePractice(parts)
