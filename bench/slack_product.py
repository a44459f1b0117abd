"""The Slack adapter with all its listeners and a desk, where Slack's own answers come from this process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest import mock

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from bench.slack_requests import PATH, SECRET, TEAM, TOKEN
from integrations.ground.drawing import Json
from integrations.slack.adapter import One, Slack, build_slack
from integrations.slack.web_api import SlackWebApi
from tests.fakes import FakeStore
from trim_bot.app.own.home_screens import home_view
from trim_bot.app.seam.door import DeskLike
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.workspaces.workspace_cache import CommandNames
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.people import Platform


class SlackSays:
    """Stands for Slack's Web API without a network; `opened` counts the views that were opened."""

    def __init__(self) -> None:
        self.opened = 0

    async def call(self, method: str, arguments: Mapping[str, object]) -> Json:
        """What Slack answers when all is well."""
        if method == "auth.test":
            return {"ok": True, "team_id": TEAM, "user_id": "UBOT"}
        if method == "views.open":
            assert arguments["view"]
            self.opened += 1
        return {"ok": True, "view": {"id": "V1", "hash": "1.a"}, "user": {}}


@contextmanager
def no_network() -> Iterator[SlackSays]:
    """Every call out to Slack is answered in place while the block runs."""
    says = SlackSays()

    async def call(_: SlackWebApi, method: str, arguments: Mapping[str, object], *, token: str = "") -> Json:
        assert token == TOKEN
        return await says.call(method, arguments)

    with mock.patch.object(SlackWebApi, "once", call):
        yield says


def product(desk: DeskLike) -> tuple[ASGIApp, Slack]:
    """The adapter as the assembly builds it, behind Starlette."""

    names = CommandNames(FakeStore())

    async def removed(_team: str, _at: object) -> None:
        raise AssertionError("nobody removed the app")

    def tell(event: LogEvent, error: BaseException | None = None, about: str = "") -> str:
        raise AssertionError(event, about)

    async def first_word(team: str, typed: str) -> str | None:
        return await names.first_word(ChatWorkspace(Platform.SLACK, team), typed)

    slack = build_slack(
        desk,
        One(TOKEN, removed),
        signing_secrets=[SECRET],
        link="",
        first_word=first_word,
        tell=tell,
        home=lambda: home_view(""),
    )
    assert slack.endpoint is not None
    return Starlette(routes=[Route(PATH, slack.endpoint, methods=["POST"])]), slack
