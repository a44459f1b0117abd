"""A clock, chat platforms, a people directory and holidays that a test sets as it likes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from trim_bot.app.seam.ports import ListPage
from trim_bot.app.seam.views import Message
from trim_bot.domain.errors import NotThere, TryLater, Undeliverable
from trim_bot.domain.people import Address, Profile

Send = Callable[[Address, Message, str], Awaitable[str]]


class FakeClock:
    """Implements the port `Clock`. Business time and real time start together and move apart."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._real = now

    def now(self) -> datetime:
        return self._now

    def real(self) -> datetime:
        return self._real

    def move(self, by: timedelta) -> None:
        """Move business time alone, as practice does."""
        self._now += by

    def move_to(self, when: datetime) -> None:
        """Set business time alone."""
        self._now = when

    def move_real(self, by: timedelta) -> None:
        """Move real time alone: tokens, sessions and leases grow old."""
        self._real += by

    def pass_time(self, by: timedelta) -> None:
        """Move both."""
        self.move(by)
        self.move_real(by)


class FakeMessenger:
    """Implements the port `Messenger`; `sent` is what was delivered, in order.

    Put errors into `failures` by `Address.text` (raised in turn) or into `always` (raised for ever).
    `routes` are the routes that came with what was delivered. `instead` takes what comes in its place, and may
    hand it on to `deliver`.
    """

    def __init__(self) -> None:
        self.sent: list[tuple[Address, Message]] = []
        self.routes: list[str] = []
        self.failures: dict[str, list[Undeliverable | TryLater]] = {}
        self.always: dict[str, Undeliverable | TryLater] = {}
        self.attempts = 0
        self.instead: Send | None = None

    async def send(self, address: Address, message: Message, route: str) -> str:
        return await (self.instead or self.deliver)(address, message, route)

    async def deliver(self, address: Address, message: Message, route: str) -> str:
        self.attempts += 1
        if pending := self.failures.get(address.text):
            raise pending.pop(0)
        if address.text in self.always:
            raise self.always[address.text]
        self.sent.append((address, message))
        self.routes.append(route)
        return f"handle-{len(self.sent)}"

    def to(self, address: Address) -> list[Message]:
        """What one address got."""
        return [message for reached, message in self.sent if reached == address]


class FakeDirectory:
    """Implements the port `Directory`; `profiles` by `Address.text`. `down` makes it raise TryLater."""

    def __init__(self, profiles: Iterable[Profile] = ()) -> None:
        self.profiles = {profile.address.text: profile for profile in profiles}
        self.down = False
        self.page_size = 1_000

    async def look_up(self, address: Address, *, hours: bool = True) -> Profile:
        if self.down:
            raise TryLater
        if address.text not in self.profiles:
            raise NotThere
        return self.profiles[address.text]

    async def page(self, workspace: str, cursor: str = "") -> ListPage:
        if self.down:
            raise TryLater
        here = [one for one in self.profiles.values() if one.address.workspace == workspace]
        begins = int(cursor or "0")
        ends = begins + self.page_size
        return ListPage(tuple(here[begins:ends]), str(ends) if ends < len(here) else "")


class FakeHolidays:
    """Implements the port `Holidays`; `days` by country and region; `(country, "")` is everywhere in it."""

    def __init__(self, days: Mapping[tuple[str, str], Iterable[date]] | None = None) -> None:
        self.days = {place: frozenset(dates) for place, dates in (days or {}).items()}

    def between(self, country: str, region: str, first: date, last: date) -> frozenset[date]:
        kept = self.days.get((country, ""), frozenset()) | self.days.get((country, region), frozenset())
        return frozenset(day for day in kept if first <= day <= last)
