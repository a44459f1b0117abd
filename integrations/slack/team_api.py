"""Slack's Web API as one team lets us use it: with that team's token and no other."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.ground.drawing import Json
from integrations.ground.fault_lines import Reporter
from integrations.slack.web_api import TIMEOUT_SECONDS, Refused, WebApi
from integrations.slack.workspaces import Workspaces, not_taken, workspace_of
from trim_bot.app.installations.tokens import Access
from trim_bot.domain.errors import Trouble, TryLater


class TeamApi:
    """Calls in the name of a team."""

    def __init__(self, api: WebApi, workspaces: Workspaces, reporter: Reporter) -> None:
        self._api = api
        self._workspaces = workspaces
        self._reporter = reporter

    async def call(
        self, team: str, method: str, arguments: Mapping[str, object], seconds: float = TIMEOUT_SECONDS
    ) -> Json:
        """One call. Raises TryLater when it may work later, Refused when Slack says no.

        All calls of a team wait together while it is away. A token that Slack does not take is reported, and counts
        as something that passes: nothing is given up.
        """
        access = self._workspaces.known(team) or await self._workspaces.access(team)
        if access is None:
            raise TryLater
        place = workspace_of(team)
        return await self._api.ways.ask(
            place, lambda: self._proven(team, access, method, arguments), seconds, workspace=place
        )

    async def _proven(self, team: str, access: Access, method: str, arguments: Mapping[str, object]) -> Json:
        try:
            return await self._api.once(method, arguments, token=access.token)
        except Refused as refusal:
            if not_taken(refusal) is None:
                raise
        newer = await self._newer(team, access)
        try:
            return await self._api.once(method, arguments, token=newer.token)
        except Refused as refusal:
            later = not_taken(refusal)
            if later is None:
                raise
            self._reporter.note("token-not-taken")
            raise later from None

    async def _newer(self, team: str, old: Access) -> Access:
        """The token another process may have put in its place. Raises TryLater when there is none."""
        self._workspaces.refused(team)
        access = await self._workspaces.access(team)
        if access is None or access.token == old.token:
            self._reporter.note("token-not-taken")
            raise TryLater(trouble=Trouble.NOT_TAKEN)
        return access

    async def respond(self, url: str, text: str) -> None:
        """Show one person a neutral line where they typed a command. Raises TryLater, Refused."""
        await self._api.respond(url, text)
