"""How an administrator adds the desk to a workspace: `/slack/install`, and the way back, bound to one browser."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from integrations.ground.fault_lines import Reporter
from integrations.slack.installations import Installations
from integrations.slack.oauth import Client, OAuth, WholeEnterprise
from integrations.slack.web_api import Refused
from trim_bot.app.seam.views import Done
from trim_bot.app.words import install_answers as answers
from trim_bot.domain.errors import TryLater

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
        except Refused as refusal:
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
