"""Slack's Web API as one team lets us use it: with that team's token and no other."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.slack.reporting import Reporter
from integrations.slack.web_api import TIMEOUT_SECONDS, Refused, WebApi
from integrations.slack.wire import Json
from integrations.slack.workspaces import Access, Workspaces
from trim_bot.domain.errors import TryLater

NOT_TAKEN = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""What Slack says of a token that ended: the workspace is mended by renewing it or adding the app again."""


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

        A token that Slack does not take is reported, and counts as something that passes: nothing is given up.
        """
        access = self._workspaces.known(team) or await self._workspaces.access(team)
        if access is None:
            raise TryLater
        try:
            return await self._api.call(method, arguments, seconds, token=access.token)
        except Refused as refusal:
            if refusal.code not in NOT_TAKEN:
                raise
        newer = await self._newer(team, access)
        try:
            return await self._api.call(method, arguments, seconds, token=newer.token)
        except Refused as refusal:
            if refusal.code not in NOT_TAKEN:
                raise
            raise self._not_taken() from None

    async def _newer(self, team: str, old: Access) -> Access:
        """The token another process may have put in its place. Raises TryLater when there is none."""
        self._workspaces.refused(team)
        access = await self._workspaces.access(team)
        if access is None or access.token == old.token:
            raise self._not_taken()
        return access

    def _not_taken(self) -> TryLater:
        self._reporter.note("token-not-taken")
        return TryLater()

    async def respond(self, url: str, text: str) -> None:
        """Show one person a neutral line where they typed a command. Raises TryLater, Refused."""
        await self._api.respond(url, text)
