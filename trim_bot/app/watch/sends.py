"""How sending fails, in minutes and not in messages; what was sent is kept nowhere: at night it is a safety call."""

from __future__ import annotations

import time
from collections.abc import Callable

from trim_bot.app.seam.ports import Messenger
from trim_bot.app.seam.views import Message
from trim_bot.domain.errors import Trouble, TryLater
from trim_bot.domain.people import Address

PUT_OFF = "put_off"
_OUTCOMES = {
    Trouble.NOT_TAKEN: "refused",
    Trouble.WHOLE_ENTERPRISE: "refused",
    Trouble.REFUSED: "unreachable",
    Trouble.FAILING: "unreachable",
    Trouble.SLOW: "slow",
}


class SendMinutes:
    """In how many minutes sending failed each way since the start. `minute` numbers the present one."""

    def __init__(self, minute: Callable[[], int] = lambda: int(time.monotonic() // 60)) -> None:
        self._minute = minute
        self._last: dict[tuple[str, str], int] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def failed(self, platform: str, outcome: str) -> None:
        """Sending failed this way."""
        now, key = self._minute(), (platform, outcome)
        if self._last.get(key) != now:
            self._last[key] = now
            self._counts[key] = self._counts.get(key, 0) + 1

    def counts(self) -> dict[tuple[str, str], int]:
        """By platform and outcome."""
        return dict(self._counts)


class ToldMessenger:
    """Implements `Messenger` by another, and keeps how it failed. That somebody cannot be reached is kept nowhere."""

    def __init__(self, messenger: Messenger, platform: str, minutes: SendMinutes) -> None:
        self._messenger = messenger
        self._platform = platform
        self._minutes = minutes

    async def send(self, address: Address, message: Message, route: str) -> str:
        """Deliver, and return what the platform calls it. Raises Undeliverable or TryLater."""
        try:
            return await self._messenger.send(address, message, route)
        except TryLater as later:
            self._minutes.failed(self._platform, _OUTCOMES.get(later.trouble, PUT_OFF))
            raise
