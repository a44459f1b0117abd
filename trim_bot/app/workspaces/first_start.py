"""Sees at a start that the workspace or tenant of the settings has its organisation, however long that takes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from trim_bot.app.seam.ports import Report
from trim_bot.app.workspaces.founding import Founder
from trim_bot.domain.errors import SafeError

FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 60.0
Pause = Callable[[float], Awaitable[object]]


class KnowsItsTeam(Protocol):
    """The workspace of one token."""

    async def team(self) -> str | None:
        """The team whose token this is, or None while nobody can say."""
        ...

    def expect(self, team: str) -> None:
        """The team that was connected before counts as ours until then."""
        ...


class FirstStart:
    """Makes the organisations that a deployment begins with. `pause` waits between two tries."""

    def __init__(self, founder: Founder, host: str, report: Report, pause: Pause = asyncio.sleep) -> None:
        self._founder = founder
        self._host = host
        self._report = report
        self._pause = pause

    async def settle_workspace(self, slack: KnowsItsTeam) -> None:
        """Ask Slack whose token this is until it answers, and see that the workspace has its organisation."""

        async def settled() -> bool:
            team = await slack.team()
            return team is not None and await self._home(f"slack:{team}", "slack workspace not settled")

        await self._until(settled)

    async def settle_tenant(self, tenant: str) -> None:
        """See that the tenant of the settings has its organisation, however long the store takes to answer."""
        await self._until(lambda: self.tenant_home(tenant))

    async def tenant_home(self, tenant: str) -> bool:
        """See that the tenant of the settings has its organisation; whether that is so. Asks nobody but the store."""
        return not tenant or await self._home(f"teams:{tenant.lower()}", "teams tenant not settled")

    async def expect_the_known(self, slack: KnowsItsTeam) -> None:
        """While Slack is down, hear the workspace that is connected already; with several, none is sure.

        Awaited before the first request is heard, so that none is turned away meanwhile.
        """
        try:
            every = await self._founder.store.organisations()
        except SafeError as error:
            self._report(f"slack workspace not looked up {type(error).__name__}")
            return
        names = [name for one in every for name in one.workspaces]
        found = [name.partition(":")[2] for name in names if name.startswith("slack:")]
        if len(found) == 1:
            slack.expect(found[0])

    async def _home(self, workspace: str, otherwise: str) -> bool:
        try:
            await self._founder.workspace_home(workspace, self._host)
        except SafeError as error:
            self._report(f"{otherwise} {type(error).__name__}")
            return False
        return True

    async def _until(self, done: Callable[[], Awaitable[bool]]) -> None:
        wait = FIRST_WAIT_SECONDS
        while not await done():
            await self._pause(wait)
            wait = min(LONGEST_WAIT_SECONDS, wait * 2)
