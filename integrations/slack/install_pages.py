"""How the app is added to a workspace, bound to one browser: one file, since the pages and the swap are one
exchange.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode, urljoin

from starlette.requests import Request
from starlette.responses import Response

from integrations.ground.drawing import Json
from integrations.ground.fault_lines import Reporter
from integrations.ground.untrusted_input import Malformed, checked, part, text
from integrations.slack.manifest import REDIRECT_PATH, SCOPES
from integrations.slack.web_api import SLACK, SlackRefused, SlackWebApi
from integrations.slack.wire import slack_id
from integrations.slack.workspaces import Installations
from trim_bot.app.installations.keeping import Installed, NotRenewed
from trim_bot.app.seam.views import Done
from trim_bot.app.words import install_answers as answers
from trim_bot.domain.errors import SafeError, TryLater

CODE = re.compile(r"[A-Za-z0-9._-]{1,500}")
Draw = Callable[[Request, Done, int], Response]
"""Draws an answer as a page of the site, with a status."""


class InstallPages:
    """The two pages. Nothing about a workspace is shown, and no token leaves this process."""

    def __init__(
        self,
        client: Client,
        oauth: OAuth,
        installations: Installations,
        state: InstallState,
        draw: Draw,
        reporter: Reporter,
        added: Callable[[str], None],
        too_often: Callable[[Request], bool],
    ) -> None:
        """`added` is told the team once its installation is kept; `too_often` counts those who come back."""
        self._client = client
        self._oauth = oauth
        self._installations = installations
        self._state = state
        self._draw = draw
        self._reporter = reporter
        self._added = added
        self._too_often = too_often

    async def install(self, request: Request) -> Response:
        """The page that leads to Slack."""
        state = self._state.new()
        response = self._draw(request, answers.begin(self._client.authorize_url(state)), 200)
        self._state.set(response, state)
        return response

    async def back(self, request: Request) -> Response:
        """The way back from Slack. Each ends in a page that says what happened."""
        view, status = await self._outcome(request)
        response = self._draw(request, view, status)
        self._state.clear(response)
        return response

    async def _outcome(self, request: Request) -> tuple[Done, int]:
        if self._too_often(request):
            return answers.too_often(), 429
        if not self._state.take(request):
            self._reporter.note("install-state")
            return answers.begin_again(), 400
        code = request.query_params.get("code", "")
        if "error" in request.query_params or not CODE.fullmatch(code):
            return answers.not_added(), 200 if request.query_params.get("error") == "access_denied" else 400
        try:
            installed = await self._oauth.exchange(code)
            await self._installations.keep(installed)
        except WholeEnterprise:
            self._reporter.note("install-enterprise")
            return answers.one_at_a_time(), 400
        except SlackRefused as refusal:
            self._reporter.failed(refusal)
            return answers.begin_again(), 400
        except TryLater as error:
            self._reporter.failed(error)
            return answers.later(), 503
        self._added(installed.team)
        return answers.added(), 200


LIFE_SECONDS = 600
MOST = 200
MOST_SPENT = 10_000
"""How many used states are remembered until they end, so that memory stays bounded; the oldest are let go of."""


class InstallState:
    """Makes states, and knows its own when they come back in the same browser."""

    def __init__(self, secret: bytes, *, https: bool, now: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._https = https
        self._now = now
        self._spent: dict[str, int] = {}
        # With this beginning browsers take the cookie from this very host alone.
        self._cookie = "__Host-slack-install" if https else "slack-install"

    def new(self) -> str:
        """A fresh state: a random part, when it ends, and our signature over both."""
        body = f"{secrets.token_urlsafe(24)}.{int(self._now()) + LIFE_SECONDS}"
        return f"{body}.{self._mark(body)}"

    def set(self, response: Response, state: str) -> None:
        """Give the browser the cookie."""
        response.set_cookie(
            self._cookie,
            state,
            max_age=LIFE_SECONDS,
            httponly=True,
            secure=self._https,
            samesite="lax",
            path="/",
        )

    def clear(self, response: Response) -> None:
        """Take the cookie away: each state is used once."""
        response.delete_cookie(self._cookie, httponly=True, secure=self._https, samesite="lax", path="/")

    def take(self, request: Request) -> bool:
        """Whether the `state` in the address was made here just now, for this browser; each is taken once.

        A browser, or whoever copied its cookie, may send it again although it was told to take it away.
        """
        given = request.query_params.getlist("state")
        held = request.cookies.get(self._cookie, "")
        if len(given) != 1 or not 0 < len(held) <= MOST:
            return False
        if not hmac.compare_digest(given[0].encode(), held.encode()):
            return False
        body, _, mark = held.rpartition(".")
        if not hmac.compare_digest(self._mark(body).encode(), mark.encode()):
            return False
        return self._spend(mark, int(body.rpartition(".")[2]))

    def _spend(self, mark: str, ends: int) -> bool:
        now = self._now()
        if ends < now or mark in self._spent:
            return False
        # In the order in which they were used, which is nearly the order in which they end.
        while self._spent and (len(self._spent) >= MOST_SPENT or next(iter(self._spent.values())) < now):
            del self._spent[next(iter(self._spent))]
        self._spent[mark] = ends
        return True

    def _mark(self, body: str) -> str:
        return hmac.new(self._secret, body.encode(), hashlib.sha256).hexdigest()


MOST_TOKEN = 2000
LONGEST_LIFE = timedelta(days=400)
USED_UP = frozenset({"invalid_grant", "invalid_refresh_token", "token_expired", "token_revoked"})
"""Slack's words for a refresh token that will never be taken again."""


class WholeEnterprise(SafeError):
    """The app was added to every workspace of an enterprise at once, which it is not made for."""

    text = "The app is added to one workspace at a time"


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

    def __init__(
        self, api: SlackWebApi, client: Client, reporter: Reporter, real: Callable[[], datetime]
    ) -> None:
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
        except SlackRefused as refusal:
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
        except (SlackRefused, TryLater) as error:
            self._reporter.failed(error)
