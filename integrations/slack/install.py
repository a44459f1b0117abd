"""The one workspace this app is installed in: which team it is, and the token for it."""

from __future__ import annotations

import asyncio

from slack_bolt.authorization import AuthorizeResult

from integrations.slack.web_api import Refused, WebApi
from trim_bot.domain.errors import TryLater

ASK_SECONDS = 2.0


class Workspace:
    """Learns its team from the token, once; asks again at the next need when Slack was down.

    Until Slack answers, requests of the team that was connected before are heard.
    """

    def __init__(self, api: WebApi, bot_token: str) -> None:
        self._api = api
        self._token = bot_token
        self._team: str | None = None
        self._kept: str | None = None
        self._bot_user: str | None = None
        self._asking: asyncio.Task[None] | None = None

    @property
    def known_team(self) -> str | None:
        """The team as far as it is known, without asking: the token's, or else the one expected."""
        return self._team or self._kept

    async def team(self) -> str | None:
        """The team id, or None while Slack cannot be asked or does not take the token."""
        if self._team is None:
            # Many requests may wait for the same answer; one question is enough.
            if self._asking is None or self._asking.done():
                self._asking = asyncio.get_running_loop().create_task(self._ask())
            await asyncio.shield(self._asking)
        return self._team

    def expect(self, team: str) -> None:
        """The team that was connected before: it counts as ours until Slack says whose token this is."""
        self._kept = team

    async def is_ours(self, team: str) -> bool | None:
        """Whether a checked request's team is ours; None while that is not known. Asks only if it must."""
        if self._team is None and team == self._kept:
            return True
        ours = await self.team()
        if ours is None:
            return True if team == self._kept else None
        return team == ours

    async def _ask(self) -> None:
        try:
            answer = await self._api.call("auth.test", {}, ASK_SECONDS)
        except (Refused, TryLater):
            return
        team, user = answer.get("team_id"), answer.get("user_id")
        self._bot_user = user if isinstance(user, str) else None
        self._team = team if isinstance(team, str) and team else None

    def authorization(self, team_id: str | None) -> AuthorizeResult | None:
        """What Bolt wants to know of a team: nothing for any but ours. Asks nobody."""
        known = self.known_team
        if known is None or team_id != known:
            return None
        return AuthorizeResult(
            enterprise_id=None, team_id=known, bot_token=self._token, bot_user_id=self._bot_user
        )
