"""The whole of what the app listens to: a handful of catch-all listeners, since the desk does the routing.

Every further listener would cost each request time, and a new feature needs none.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from integrations.ground.background_tasks import Tasks
from integrations.ground.fault_lines import Reporter, silence, silent_logger
from integrations.slack.answers import Pace, PageAfterAck, Pages, Submissions
from integrations.slack.payloads import Arrival
from integrations.slack.web_api import Refused, WebApi
from integrations.slack.workspaces import Workspaces
from trim_bot.app.seam.views import Done

LIBRARIES = ("slack_bolt", "slack_sdk")
"""Both write whole request bodies and answers into the log."""
ANYTHING = re.compile("")
Removed = Callable[[str, datetime | None], Awaitable[None]]
"""Told the team the app was taken out of, and when."""


class Listeners:
    """Registers the listeners. Commands and presses are acked at once; what follows runs on its own."""

    def __init__(
        self,
        pages: Pages,
        submissions: Submissions,
        tasks: Tasks,
        pace: Pace,
        removed: Removed,
        home: Callable[[], Done],
    ) -> None:
        self._pages = pages
        self._submissions = submissions
        self._tasks = tasks
        self._pace = pace
        self._removed = removed
        self._home = home

    def register(self, app: AsyncApp) -> None:
        """Add all of them to a Bolt app."""
        app.command(ANYTHING)(self.gesture)
        app.action(ANYTHING)(self.gesture)
        app.view_submission(ANYTHING)(self.submission)
        app.shortcut(ANYTHING)(self.gesture)
        app.event("app_home_opened")(self.home)
        app.event("app_uninstalled")(self.uninstalled)
        app.event("tokens_revoked")(self.uninstalled)

    async def gesture(self, ack: AsyncAck, arrival: Arrival) -> BoltResponse:
        """A command, a press or a shortcut: ack, and let the form follow."""
        PageAfterAck(arrival, self._pages, self._tasks, self._pace)
        return await ack()

    async def submission(self, ack: AsyncAck, arrival: Arrival) -> BoltResponse:
        """A sent form: the ack carries the answer."""
        return await ack(await self._submissions.answer(arrival))

    async def home(self, ack: AsyncAck, arrival: Arrival) -> BoltResponse:
        """Somebody looks at the Home tab."""
        if arrival.actor is not None:
            self._tasks.start(self._pages.publish_home(arrival.team, arrival.actor.address.user, self._home))
        return await ack()

    async def uninstalled(self, ack: AsyncAck, arrival: Arrival) -> BoltResponse:
        """The app was removed. Acked only once that is written down; otherwise Slack says it again."""
        await self._removed(arrival.team, arrival.at)
        return await ack()


class _Ours(AsyncAuthorize):
    """Tells Bolt the token of a team that was just found to be ours. Asks nobody, and renews nothing."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult:
        access = self._workspaces.known(team_id) if team_id else None
        if access is None:
            raise Refused("other_team")
        return AuthorizeResult(
            enterprise_id=None, team_id=team_id, bot_token=access.token, bot_user_id=access.app_user or None
        )


def bolt_app(api: WebApi, workspaces: Workspaces, reporter: Reporter) -> AsyncApp:
    """A Bolt app that logs nothing. The endpoint has checked signature and team, and shows Bolt no body."""
    silence(LIBRARIES)
    app = AsyncApp(
        name="slack",
        logger=silent_logger(),
        client=api.client,
        authorize=_Ours(workspaces),
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    async def failed(error: Exception) -> BoltResponse:
        reporter.failed(error)
        return BoltResponse(status=500, body="")

    app.error(failed)
    return app
