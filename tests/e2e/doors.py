"""The three ways into the desk, so that a journey is written once and runs through each."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from tests.adapters.slack_app import person as wire
from tests.e2e.deployment import Deployment
from tests.e2e.screens import Person, Screen
from tests.e2e.slack_side import Modal, buttons
from tests.e2e.story import Cast, Mark, plain
from tests.e2e.teams_side import Dialog, object_id, presses

TOKEN = re.compile(r"~?[A-Za-z0-9_-]{100,}")


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

    async def press_at_once(self, screen: Screen, action: str, times: int) -> list[str]:
        """One button pressed many times at once; what each press is answered, references left out.

        Slack answers a press with its receipt alone, so there it is waited until each was shown what it led to.
        """
        match screen:
            case Modal():
                value = buttons(screen.shown["blocks"], action)[0]["value"]
                view, user = screen.view(), screen.person.user
                bodies = [
                    wire.interaction(
                        wire.press(action, value, view=view, user=user, trigger=f"same.{number}")
                    )
                    for number in range(times)
                ]
                workplace = self.at.workplace
                shown = len(workplace.called("views.update"))
                answers = await asyncio.gather(*(screen.person.side.post(body) for body in bodies))
                assert {answer.status_code for answer in answers} == {200}
                await workplace.wait(
                    lambda: True if len(workplace.called("views.update")) >= shown + times else None
                )
                texts = [answer.text for answer in answers]
            case Dialog():
                pressed = next(one for one in presses(screen.card) if one["data"].get("action") == action)
                activity = screen.activity(pressed["data"])
                answers = await asyncio.gather(*(screen.person.side.post(activity) for _ in range(times)))
                texts = [answer.text for answer in answers]
            case _:
                pages = await asyncio.gather(*(screen.press(action) for _ in range(times)))
                texts = [page.text for page in pages]
        return [TOKEN.sub("token", text) for text in texts]

    def leaves(self, name: str) -> None:
        """Somebody's account is closed on the platform."""
        if self.name == "slack":
            self.at.workplace.hire(f"U{name.upper()}", name.title(), deleted=True)
        else:
            assert self.at.tenant is not None
            self.at.tenant.hire(object_id(name), name.title(), accountEnabled=False)
