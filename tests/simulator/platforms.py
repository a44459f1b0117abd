"""The chat platforms of the town: they take messages, are slow, or are away in one of several ways."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from tests.simulator.killing import Killer
from tests.simulator.world_time import WorldTime
from trim_bot.app.seam.views import Message
from trim_bot.domain.errors import NotThere, Trouble, TryLater, Undeliverable
from trim_bot.domain.people import GONE, Address, Profile

HANGS_SECONDS = 3600.0
"""Far longer than anybody waits."""


class Shape(Enum):
    """How a platform is away."""

    REFUSED = "refused"
    """No connection."""
    BROKEN = "503"
    """It answers that it cannot."""
    BUSY = "429"
    """It asks for less, without saying for how long."""
    BUSY_UNTIL = "429 with Retry-After"
    """It says when to come again."""
    HANGING = "hanging"
    """It never answers."""


@dataclass(frozen=True, slots=True)
class Outage:
    """One workspace, away for a while of true time."""

    workspace: str
    shape: Shape
    since: datetime
    until: datetime


@dataclass(slots=True)
class Accepted:
    """A message a platform said yes to."""

    address: Address
    at: datetime
    message: Message
    yes_was_lost: bool = False
    """Whether the process ended between the platform's yes and the commit: it may come once more."""


@dataclass
class Chats:
    """Implements the ports `Messenger` and `Directory` for every workspace of one platform."""

    time: WorldTime
    killer: Killer
    chance: random.Random
    accepted: list[Accepted] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    profiles: dict[str, Profile] = field(default_factory=dict)
    slow_until: datetime | None = None
    die_after_yes: int | None = None
    """At which message from now on the process ends, after the platform's yes."""
    after_yes: Callable[[], None] | None = None
    """What happens between the next yes and its answer."""
    hold_next: float = 0.0
    """For how many true seconds the next send is held, as by a worker that was suspended."""
    tries: int = 0

    def away(self, workspace: str) -> Outage | None:
        """The outage of a workspace now, if there is one."""
        for one in self.outages:
            if one.workspace == workspace and one.since <= self.time.true < one.until:
                return one
        return None

    def was_there(self, workspace: str, since: datetime, until: datetime) -> bool:
        """Whether a workspace took messages all the time between two moments."""
        return not any(
            one.workspace == workspace and one.since < until and one.until > since for one in self.outages
        )

    async def send(self, address: Address, message: Message, route: str) -> str:
        """Take a message, in the way the platform is in just now."""
        self.tries += 1
        self.killer.alive()
        await self._trouble(address.workspace)
        profile = self.profiles.get(address.text)
        if profile is None or profile.left or route == GONE:
            raise Undeliverable
        if self.slow_until is not None and self.time.true < self.slow_until:
            await asyncio.sleep(self.chance.uniform(0.5, 8.0))
        self.killer.alive()
        taken = Accepted(address, self.time.true, message)
        self.accepted.append(taken)
        if self.die_after_yes is not None:
            self.die_after_yes -= 1
            if self.die_after_yes < 0:
                self.die_after_yes = None
                taken.yes_was_lost = True
                self.killer.die("message, just after the platform's yes")
        if self.after_yes is not None:
            act, self.after_yes = self.after_yes, None
            act()
        return f"handle-{len(self.accepted)}"

    async def hold(self) -> None:
        """Stand still where somebody asked for it, as a worker that was suspended."""
        held, self.hold_next = self.hold_next, 0.0
        if held:
            await asyncio.sleep(held)

    async def look_up(self, address: Address, *, hours: bool = True) -> Profile:
        """What is known of an account."""
        self.killer.alive()
        await self._trouble(address.workspace)
        if address.text not in self.profiles:
            raise NotThere
        return self.profiles[address.text]

    async def everyone(self, workspace: str) -> list[Profile]:
        """Every account of a workspace."""
        self.killer.alive()
        await self._trouble(workspace)
        return [one for one in self.profiles.values() if one.address.workspace == workspace]

    async def _trouble(self, workspace: str) -> None:
        outage = self.away(workspace)
        if outage is None:
            return
        match outage.shape:
            case Shape.REFUSED:
                raise TryLater(trouble=Trouble.REFUSED)
            case Shape.BROKEN:
                raise TryLater(trouble=Trouble.FAILING)
            case Shape.BUSY:
                raise TryLater(trouble=Trouble.ASKED_TO_WAIT)
            case Shape.BUSY_UNTIL:
                left = (outage.until - self.time.true).total_seconds()
                raise TryLater(min(left, self.chance.choice((30.0, 120.0, 600.0))), Trouble.ASKED_TO_WAIT)
            case Shape.HANGING:
                await asyncio.sleep(HANGS_SECONDS)
                self.killer.alive()
                raise TryLater(trouble=Trouble.SLOW)
