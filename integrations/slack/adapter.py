"""Puts the Slack adapter together from the desk and the settings of one workspace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from integrations.slack.door import Door, FirstWord
from integrations.slack.endpoint import Endpoint
from integrations.slack.gateway import SlackDirectory, SlackMessenger
from integrations.slack.install import Workspace
from integrations.slack.listeners import Listeners, bolt_app
from integrations.slack.pages import DeskLike, Pace, Pages
from integrations.slack.reporting import Reporter
from integrations.slack.submissions import Submissions
from integrations.slack.tasks import Tasks
from integrations.slack.web_api import SLACK, WebApi
from trim_bot.app.ports import Directory, Messenger
from trim_bot.app.views import Done

CLOSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Slack:
    """Everything the assembly needs of Slack. Must be closed in the loop it was used in."""

    endpoint: Callable[[Request], Awaitable[Response]]
    """Handler of `POST /slack/events`."""
    messenger: Messenger
    directory: Directory
    _workspace: Workspace = field(repr=False)
    _tasks: Tasks = field(repr=False)
    _api: WebApi = field(repr=False)

    async def team(self) -> str | None:
        """The team of the bot token; None while Slack cannot be asked. Asks at most once successfully."""
        return await self._workspace.team()

    def expect(self, team: str) -> None:
        """Hear the team that was connected before, until Slack says whose the token is."""
        self._workspace.expect(team)

    async def drain(self) -> None:
        """Wait until every form that follows an ack has been shown."""
        await self._tasks.drain()

    async def close(self) -> None:
        """Let follow-ups end, for five seconds at most, and give the connections back."""
        await self._tasks.stop(CLOSE_SECONDS)
        await self._api.close()


def build_slack(
    desk: DeskLike,
    *,
    signing_secret: str,
    bot_token: str,
    first_word: FirstWord,
    removed: Callable[[str], Awaitable[None]],
    report: Callable[[str], None],
    home: Callable[[], Done],
    api_url: str = SLACK,
    pace: Pace | None = None,
) -> Slack:
    """The adapter for one workspace.

    `first_word` is awaited with the team id and what was typed after the slash. `removed` is awaited with the
    team id when the app is taken out of the workspace. `report` gets a line for whatever goes wrong, a fixed word
    and an opaque id. `home` is the Home tab, the same for everybody.
    Nothing is asked of Slack before the first request or `team()`.
    """
    pace = pace or Pace()
    reporter = Reporter(report)
    tasks = Tasks(reporter.failed)
    api = WebApi(bot_token, api_url)
    workspace = Workspace(api, bot_token)
    pages = Pages(desk, api, reporter, pace)
    app = bolt_app(api, workspace, reporter)
    Listeners(pages, Submissions(pages, tasks, pace), tasks, pace, removed, home).register(app)
    return Slack(
        endpoint=Endpoint(Door(app, workspace, first_word, reporter), reporter, signing_secret).handle,
        messenger=SlackMessenger(api, workspace),
        directory=SlackDirectory(api, workspace),
        _workspace=workspace,
        _tasks=tasks,
        _api=api,
    )
