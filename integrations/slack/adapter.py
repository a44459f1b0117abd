"""Puts the Slack adapter together from the desk and the settings, for one workspace or for many."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from integrations.ground.background_tasks import Tasks
from integrations.ground.fault_lines import Reporter
from integrations.ground.outgoing_calls import OutgoingCalls
from integrations.slack.answers import Pages, SlackPace, Submissions
from integrations.slack.endpoint import Door, Listeners, Removed, SlackEndpoint, bolt_app
from integrations.slack.gateway import SlackDirectory, SlackMessenger
from integrations.slack.install_pages import Client, Draw, InstallPages, InstallState, OAuth
from integrations.slack.socket import Socket
from integrations.slack.web_api import APP, SLACK, SlackRefused, SlackWebApi
from integrations.slack.workspaces import (
    Installations,
    ManyWorkspaces,
    OneWorkspace,
    TeamApi,
    Workspaces,
    workspace_of,
)
from trim_bot.app.seam.door import DeskLike
from trim_bot.app.seam.languages import SpokenAt, english_everywhere
from trim_bot.app.seam.log_events import LogEvent, Tell
from trim_bot.app.seam.ports import Directory, Messenger
from trim_bot.app.seam.views import Done
from trim_bot.app.workspaces.workspace_cache import FirstWord
from trim_bot.domain.chat_workspaces import UnreachableWorkspace

CLOSE_SECONDS = 5.0


def real_now() -> datetime:
    """Real time, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class One:
    """One workspace, by the token its administrator copied."""

    bot_token: str = field(repr=False)
    removed: Removed
    """Awaited with the team id when the app is taken out of the workspace."""


@dataclass(frozen=True, slots=True)
class Many:
    """Many workspaces, each added through the install page."""

    client: Client
    installations: Installations
    real: Callable[[], datetime] = real_now


@dataclass(frozen=True, slots=True)
class Slack:
    """Everything the assembly needs of Slack. Must be closed in the loop it was used in."""

    endpoint: Callable[[Request], Awaitable[Response]] | None
    """Handler of `POST /slack/events`; None without a secret to check signatures with."""
    messenger: Messenger
    directory: Directory
    one: OneWorkspace | None
    """The one workspace; None where workspaces are added through the install page."""
    oauth: OAuth | None
    """Renews tokens, where workspaces are added through the install page."""
    socket: Socket | None
    """The connection of Socket Mode, where an app token is set; it has to be started."""
    _many: tuple[Many, ManyWorkspaces] | None = field(repr=False)
    _reporter: Reporter = field(repr=False)
    _tasks: Tasks = field(repr=False)
    _api: SlackWebApi = field(repr=False)
    _team_api: TeamApi = field(repr=False)

    def install_pages(
        self,
        draw: Draw,
        secret: bytes,
        *,
        https: bool,
        added: Callable[[str], None],
        too_often: Callable[[Request], bool],
    ) -> InstallPages | None:
        """The pages that add a workspace; None where there is one workspace alone.

        `secret` (32 bytes or more) signs the cookie that leads back to the same browser; `too_often` counts a request
        and tells whether its sender has had all it may have.
        """
        if self._many is None or self.oauth is None:
            return None
        many, workspaces = self._many

        def now_ours(team: str) -> None:
            workspaces.refused(team)
            self._api.ways.forget(workspace_of(team))
            added(team)

        state = InstallState(secret, https=https)
        return InstallPages(
            many.client, self.oauth, many.installations, state, draw, self._reporter, now_ours, too_often
        )

    def away(self) -> tuple[UnreachableWorkspace, ...]:
        """The teams that cannot be asked now, as far as this process knows. Asks nobody."""
        return self._api.ways.away()

    async def try_again(self, place: str) -> None:
        """Ask a place of the way out something that changes nothing. Raises TryLater while it is away, or Refused."""
        if place == APP:
            if self.one is not None:
                await self.one.team()
            else:
                # Whoever refuses has answered.
                with suppress(SlackRefused):
                    await self._api.call("api.test", {})
            return
        await self._team_api.call(place.partition(":")[2], "auth.test", {})

    async def look(self) -> None:
        """See whether the one token is still taken; of many, the next one's. Raises TryLater where it is not."""
        if self.one is not None:
            team = await self.one.team()
        else:
            team = await self._many[1].next_team() if self._many is not None else None
        if team is not None:
            await self.try_again(workspace_of(team))

    async def drain(self) -> None:
        """Wait until every form that follows an ack has been shown."""
        await self._tasks.drain()

    async def stop_hearing(self) -> None:
        """Hang up, where there is a connection; what came over it is answered first."""
        if self.socket is not None:
            await self.socket.close(CLOSE_SECONDS)

    async def close(self) -> None:
        """Let follow-ups end, for five seconds at most, and give the connections back."""
        await self.stop_hearing()
        await self._tasks.stop(CLOSE_SECONDS)
        if self.one is not None:
            await self.one.close()
        await self._api.close()


def build_slack(
    desk: DeskLike,
    where: One | Many,
    *,
    first_word: FirstWord,
    tell: Tell,
    home: Callable[[], Done],
    link: str,
    signing_secrets: Sequence[str] = (),
    app_token: str = "",
    api_url: str = SLACK,
    pace: SlackPace | None = None,
    ways: OutgoingCalls | None = None,
    heard: Callable[[datetime], None] = lambda said: None,
    spoken: SpokenAt = english_everywhere,
) -> Slack:
    """The adapter for one workspace or for many.

    `first_word` is awaited with the team id and what was typed after the slash. `tell` is told of whatever
    fails, `heard` of the time that Slack's answers carry. Nothing is asked of Slack before the first request.
    """
    pace = pace or SlackPace()
    reporter = slack_reporter(tell)
    tasks = Tasks(reporter.failed)
    api = SlackWebApi(api_url, ways, heard)
    one, many, oauth = None, None, None
    match where:
        case One(bot_token, removed):
            one = OneWorkspace(api, bot_token)
            workspaces: Workspaces = one
        case Many(client, installations, real):
            added = ManyWorkspaces(installations)
            workspaces, removed = added, _forgetting(added, installations)
            many, oauth = (where, added), OAuth(api, client, reporter, real)
    team_api = TeamApi(api, workspaces)
    pages = Pages(desk, team_api, reporter, pace, link)
    app = bolt_app(api, workspaces, reporter)
    Listeners(pages, Submissions(pages, tasks, pace), tasks, pace, removed, home, spoken).register(app)
    directory = SlackDirectory(team_api, workspaces)
    door = Door(app, workspaces, first_word, reporter, directory.heard)
    return Slack(
        endpoint=SlackEndpoint(door, reporter, signing_secrets).handle if signing_secrets else None,
        messenger=SlackMessenger(team_api, workspaces, reporter),
        directory=directory,
        one=one,
        oauth=oauth,
        socket=Socket(api, app_token, door, reporter) if app_token else None,
        _many=many,
        _reporter=reporter,
        _tasks=tasks,
        _api=api,
        _team_api=team_api,
    )


def _forgetting(workspaces: ManyWorkspaces, installations: Installations) -> Removed:
    async def removed(team: str, at: datetime | None) -> None:
        await installations.removed(team, at)
        workspaces.refused(team)

    return removed


def slack_reporter(tell: Tell) -> Reporter:
    """Tells the log what goes wrong with Slack."""
    return Reporter(LogEvent.SLACK, tell, _word)


def _word(error: BaseException) -> str | None:
    match error:
        case SlackRefused(code=code):
            return f"refused:{code}"
        case _:
            return None
