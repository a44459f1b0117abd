"""Puts the Teams adapter together from the desk and the settings of one app."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from integrations.teams.answers import Answers, DeskLike, Pace
from integrations.teams.endpoint import Endpoint, Presence
from integrations.teams.login_keys import LoginKeys
from integrations.teams.reporting import Reporter
from integrations.teams.service_urls import ServiceUrls
from integrations.teams.talking import FirstWord, Say, Talking
from integrations.teams.tasks import Tasks
from integrations.teams.tokens import Tokens

CLOSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Teams:
    """Everything the assembly needs of Teams. Must be closed in the loop it was used in."""

    endpoint: Callable[[Request], Awaitable[Response]]
    """Handler of `POST /api/messages`."""
    _tasks: Tasks = field(repr=False)
    _keys: LoginKeys = field(repr=False)

    async def warm(self) -> bool:
        """Fetch the login keys before the first request needs them; whether they could be fetched."""
        return await self._keys.warm()

    async def drain(self) -> None:
        """Wait until every card that follows an answer has been sent."""
        await self._tasks.drain()

    async def close(self) -> None:
        """Let what follows end, for five seconds at most, and give the connections back."""
        await self._tasks.stop(CLOSE_SECONDS)
        await self._keys.close()


def build_teams(
    desk: DeskLike,
    *,
    app_id: str,
    openid_url: str,
    service_hosts: Collection[str],
    knows: Callable[[str], Awaitable[bool]],
    first_word: FirstWord,
    presence: Presence,
    say: Say,
    report: Callable[[str], None],
    pace: Pace | None = None,
) -> Teams:
    """The adapter for one app.

    `knows` tells whether a tenant has an organisation here, `first_word` what a word typed there stands for, `say`
    sends a card into the chat somebody has with the app. `report` gets a line for whatever goes wrong, a fixed
    word and an opaque id. Nothing is asked of anybody before the first request or `warm()`.
    """
    reporter = Reporter(report)
    tasks = Tasks(reporter.failed)
    keys = LoginKeys(openid_url)
    return Teams(
        endpoint=Endpoint(
            tokens=Tokens(app_id, keys, ServiceUrls(service_hosts)),
            knows=knows,
            answers=Answers(desk, reporter, tasks, pace or Pace()),
            talking=Talking(say, first_word),
            presence=presence,
            tasks=tasks,
            reporter=reporter,
        ).handle,
        _tasks=tasks,
        _keys=keys,
    )
