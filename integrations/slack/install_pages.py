"""`/slack/install` and `/slack/oauth_redirect`: how an administrator adds the desk to a workspace."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from integrations.ground.fault_lines import Reporter
from integrations.slack.install_state import InstallState
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
