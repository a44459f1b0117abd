"""Practice with nobody in it: the chats of whoever uses the browser, and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from integrations.web.ports import Moved, PracticeMessage, PracticePerson, PracticeStep
from trim_bot.app.clock.clocks import MovableClock
from trim_bot.app.seam.ports import Clock
from trim_bot.app.seam.views import Message
from trim_bot.app.words import practice_words as words
from trim_bot.domain.people import Address, Role

ZONE = "Europe/London"
_JUMPS = ((words.ONE_DAY, 1), (words.DAY_3, 3), (words.ONE_MONTH, 28))


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


class BarePractice:
    """The practice port with nobody in it: tests bring their own members."""

    def __init__(
        self, clock: MovableClock, messenger: PracticeMessenger, drain: Callable[[], Awaitable[int]]
    ) -> None:
        """`drain` does all that is due by business time, and says how many things ran."""
        self._clock = clock
        self._messenger = messenger
        self._drain = drain

    def now(self) -> datetime:
        """Business time, UTC."""
        return self._clock.now()

    def zone(self) -> str:
        """The zone in which the clock is spoken."""
        return ZONE

    async def move(self, to: datetime) -> Moved:
        """Move business time on and do what comes due. Raises ValueError when backwards."""
        await self._clock.set(to)
        return Moved(await self._drain(), 0)

    async def look(self, path: str, roles: frozenset[Role], *, sends: bool) -> None:
        """Nothing is toured here."""

    def tour(self) -> Sequence[PracticeStep]:
        """No tour: there is nobody to be."""
        return ()

    def people(self) -> Sequence[PracticePerson]:
        """Nobody: a workspace without made-up people has none to become."""
        return ()

    def messages(self, address: Address) -> Sequence[PracticeMessage]:
        """What the chat of one member holds, oldest first."""
        return self._messenger.messages(address)

    def jumps(self) -> Sequence[tuple[str, datetime]]:
        """Times worth moving to, counted from now."""
        return tuple((label, self.now() + timedelta(days=days)) for label, days in _JUMPS)
