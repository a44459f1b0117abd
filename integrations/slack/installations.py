"""Many workspaces: what each handed over when the app was added there, kept elsewhere and remembered here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from trim_bot.app.installations.tokens import Access, Installed
from trim_bot.domain.errors import TryLater

FRESH_SECONDS = 60.0
"""An access this old is looked up again; Slack takes an older token until it ends."""
ABSENT_SECONDS = 5.0
"""How long a team counts as a stranger after it was looked for."""
MOST = 2000
"""Teams remembered; the one looked up longest ago is forgotten first."""


class Installations(Protocol):
    """Where installations are kept. All of these raise TryLater while that cannot be reached."""

    async def find(self, team: str) -> Access | None:
        """The access to a team, or None."""
        ...

    async def keep(self, installed: Installed) -> None:
        """Keep an installation, in place of an earlier one of the same team."""
        ...

    async def removed(self, team: str, at: datetime | None) -> None:
        """Destroy what a team handed over, unless it was added again after `at`."""
        ...


@dataclass(frozen=True, slots=True)
class _Held:
    access: Access | None
    at: float


class ManyWorkspaces:
    """Implements `Workspaces` over the kept installations. Slack itself is never asked."""

    def __init__(self, installations: Installations, seconds: Callable[[], float] = time.monotonic) -> None:
        self._installations = installations
        self._seconds = seconds
        self._held: dict[str, _Held] = {}
        self._looking: dict[str, asyncio.Task[Access | None]] = {}

    async def is_ours(self, team: str) -> bool | None:
        """Whether the app is installed there; None while that cannot be looked up."""
        try:
            return await self.access(team) is not None
        except TryLater:
            return None

    async def access(self, team: str) -> Access | None:
        """The access to a team; one that was known before while the store is away. Raises TryLater."""
        held = self._held.get(team)
        if held is not None:
            fresh = ABSENT_SECONDS if held.access is None else FRESH_SECONDS
            if self._seconds() - held.at < fresh:
                return held.access
        try:
            return await asyncio.shield(self._look(team))
        except TryLater:
            if held is None or held.access is None:
                raise
            return held.access

    def known(self, team: str) -> Access | None:
        """The access as it was last looked up."""
        held = self._held.get(team)
        return held.access if held is not None else None

    def refused(self, team: str) -> None:
        """The token may have been replaced: look again at the next need."""
        self._held.pop(team, None)

    def _look(self, team: str) -> asyncio.Task[Access | None]:
        """Many requests may wait for the same answer; one question is enough."""
        task = self._looking.get(team)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._find(team))
            self._looking[team] = task
            task.add_done_callback(lambda done: self._found(team, done))
        return task

    async def _find(self, team: str) -> Access | None:
        access = await self._installations.find(team)
        self._held.pop(team, None)
        self._held[team] = _Held(access, self._seconds())
        while len(self._held) > MOST:
            del self._held[next(iter(self._held))]
        return access

    def _found(self, team: str, task: asyncio.Task[Access | None]) -> None:
        self._looking.pop(team, None)
        if not task.cancelled():
            # Whoever waits is told; when nobody does any more, asyncio must not log it.
            task.exception()
