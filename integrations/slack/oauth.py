"""Slack's way to add an app to a workspace: where the administrator is sent, and what the code is swapped for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode, urljoin

from integrations.ground.drawing import Json
from integrations.ground.fault_lines import Reporter
from integrations.ground.untrusted_input import Malformed, checked, part, text
from integrations.slack.manifest import REDIRECT_PATH, SCOPES
from integrations.slack.web_api import SLACK, Refused, WebApi
from integrations.slack.wire import slack_id
from trim_bot.app.installations.tokens import Installed, NotRenewed
from trim_bot.domain.errors import SafeError, TryLater

MOST_TOKEN = 2000
LONGEST_LIFE = timedelta(days=400)
USED_UP = frozenset({"invalid_grant", "invalid_refresh_token", "token_expired", "token_revoked"})
"""Slack's words for a refresh token that will never be taken again."""


class WholeEnterprise(SafeError):
    """The app was added to every workspace of an enterprise at once, which it is not made for."""

    def __init__(self) -> None:
        super().__init__("The app is added to one workspace at a time")


@dataclass(frozen=True, slots=True)
class Client:
    """The app as Slack knows it."""

    id: str
    secret: str = field(repr=False)
    home: str
    """The desk's public address, without a slash at its end."""
    api_url: str = SLACK

    @property
    def redirect_url(self) -> str:
        """Where Slack sends the administrator back to."""
        return self.home + REDIRECT_PATH

    def authorize_url(self, state: str) -> str:
        """Where the administrator says yes: the least rights, and none of a person's."""
        asked = {
            "client_id": self.id,
            "scope": ",".join(SCOPES),
            "user_scope": "",
            "redirect_uri": self.redirect_url,
            "state": state,
        }
        return urljoin(self.api_url, "/oauth/v2/authorize") + "?" + urlencode(asked)


class OAuth:
    """Swaps codes and refresh tokens for tokens. Whatever Slack answers is read as if anybody had sent it."""

    def __init__(self, api: WebApi, client: Client, reporter: Reporter, real: Callable[[], datetime]) -> None:
        self._api = api
        self._client = client
        self._reporter = reporter
        self._real = real

    async def exchange(self, code: str) -> Installed:
        """What a team handed over. Raises WholeEnterprise, Refused, TryLater."""
        answer = await self._ask({"code": code, "redirect_uri": self._client.redirect_url})
        try:
            whole = answer.get("is_enterprise_install") is True or not part(answer, "team")
            installed = None if whole else self._installed(answer, slack_id(part(answer, "team"), "id"))
        except Malformed:
            raise TryLater from None
        if installed is None:
            await self._give_back(answer)
            raise WholeEnterprise
        return installed

    async def renew(self, team: str, refresh: str) -> Installed:
        """The new pair for a refresh token, which has ended by then. Raises NotRenewed, TryLater."""
        try:
            answer = await self._ask({"grant_type": "refresh_token", "refresh_token": refresh})
        except Refused as refusal:
            raise NotRenewed(refusal.code, used_up=refusal.code in USED_UP) from None
        try:
            renewed = self._installed(answer, team)
        except Malformed:
            raise TryLater from None
        if not renewed.refresh:
            raise TryLater
        return renewed

    async def _ask(self, arguments: Json) -> Json:
        client = (self._client.id, self._client.secret)
        return await self._api.call("oauth.v2.access", arguments, client=client)

    def _installed(self, answer: Mapping[str, object], team: str) -> Installed:
        token = checked(answer.get("access_token"), MOST_TOKEN)
        if not token or answer.get("token_type", "bot") != "bot":
            raise Malformed
        return Installed(
            team,
            token,
            text(answer, "bot_user_id", 40),
            text(answer, "refresh_token", MOST_TOKEN),
            self._end(answer.get("expires_in")),
        )

    def _end(self, seconds: object) -> datetime | None:
        if not seconds:
            return None
        if isinstance(seconds, bool) or not isinstance(seconds, int):
            raise Malformed
        if not 0 < seconds < LONGEST_LIFE.total_seconds():
            raise Malformed
        return self._real() + timedelta(seconds=seconds)

    async def _give_back(self, answer: Mapping[str, object]) -> None:
        """Have Slack end a token that nobody here keeps."""
        token = answer.get("access_token")
        if not isinstance(token, str):
            return
        try:
            await self._api.call("auth.revoke", {}, token=token)
        except (Refused, TryLater) as error:
            self._reporter.failed(error)
