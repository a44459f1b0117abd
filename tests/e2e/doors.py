"""The three ways into the desk, so that a journey is written once and runs through each."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from tests.e2e.deployment import Deployment
from tests.e2e.screens import Person, Screen
from tests.e2e.slack_side import Modal
from tests.e2e.story import Cast, Mark, plain
from tests.e2e.teams_side import Dialog, object_id

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}")


@dataclass(frozen=True, slots=True)
class Door:
    """One way in, and the deployment behind it."""

    name: str
    """`slack`, `teams` or `browser`."""
    at: Deployment

    async def person(self, name: str) -> Person:
        """Somebody at this door; asked for again, somebody who has just come back to it."""
        match self.name:
            case "slack":
                return await self.at.slack(name)
            case "teams":
                return await self.at.teams(name)
            case _:
                return await self.at.web(name)

    async def cast(self, mark: Mark = plain) -> Cast:
        """Those who take part in the story, at this door."""
        priya, nurse, quinn = [await self.person(name) for name in ("priya", "nurse", "quinn")]
        return Cast(self.at, priya, nurse, quinn, mark)

    @property
    def mine(self) -> tuple[str, ...]:
        """What leads to one's own record."""
        return ("me",) if self.name == "browser" else ("support", "me")

    async def at_once(self, screen: Screen, times: int) -> list[str]:
        """One filled form sent many times at once; what each try is answered, references left out."""
        match screen:
            case Modal():
                answers = await asyncio.gather(
                    *(screen.person.side.post(screen.body()) for _ in range(times))
                )
                texts = [answer.text for answer in answers]
            case Dialog():
                activity = screen.activity(screen.data())
                answers = await asyncio.gather(*(screen.person.side.post(activity) for _ in range(times)))
                texts = [answer.text for answer in answers]
            case _:
                texts = [page.text for page in await asyncio.gather(*(screen.submit() for _ in range(times)))]
        return [TOKEN.sub("token", text) for text in texts]

    def leaves(self, name: str) -> None:
        """Somebody's account is closed on the platform."""
        if self.name == "slack":
            self.at.workplace.hire(f"U{name.upper()}", name.title(), deleted=True)
        else:
            assert self.at.tenant is not None
            self.at.tenant.hire(object_id(name), name.title(), accountEnabled=False)
