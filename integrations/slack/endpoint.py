"""The one way in from Slack, from the check of a request to its few listeners: one file, read in the order of
a request.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from integrations.ground.background_tasks import Tasks
from integrations.ground.fault_lines import Reporter, silence, silent_logger
from integrations.ground.untrusted_input import Malformed, UnreadBody, bounded_body, media_type
from integrations.slack.answers import PageAfterAck, Pages, SlackPace, Submissions
from integrations.slack.payloads import FORM, JSON, SlackArrival, read_arrival, said
from integrations.slack.web_api import SlackRefused, SlackWebApi
from integrations.slack.workspaces import Workspaces
from trim_bot.app.seam.gestures import Invoke
from trim_bot.app.seam.languages import SpokenAt
from trim_bot.app.seam.views import Done
from trim_bot.app.workspaces.workspace_cache import FirstWord
from trim_bot.domain.people import Profile


@dataclass(frozen=True, slots=True)
class Reply:
    """What Slack is told, with an HTTP status."""

    status: int
    body: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


class Door:
    """Team, then command, then Bolt.

    Something that comes again is let through: it is Slack's retry, and the desk gives it one effect and one answer.
    """

    def __init__(
        self,
        app: AsyncApp,
        workspaces: Workspaces,
        first_word: FirstWord,
        reporter: Reporter,
        heard: Callable[[Profile], None],
    ) -> None:
        """`heard` is told what a request calls whoever made it, before the desk asks who that is."""
        self._heard = heard
        self._app = app
        self._workspaces = workspaces
        self._first_word = first_word
        self._reporter = reporter

    async def receive(self, arrival: SlackArrival) -> Reply:
        """The answer to one arrival.

        403 of another team, 503 while it is unknown whether the team is ours, 400 for a command that means nothing
        in this team.
        """
        if arrival.team:
            ours = await self._workspaces.is_ours(arrival.team)
            if ours is None:
                return self._refuse(503, "team-unknown")
            if not ours:
                return self._refuse(403, "other-team")
        if arrival.unused:
            return Reply(200)
        if arrival.actor is not None and arrival.name:
            self._heard(Profile(arrival.actor.address, arrival.name, handle=arrival.name))
        if arrival.command and isinstance(arrival.gesture, Invoke):
            first = await self._first_word(arrival.team, arrival.command)
            if first is None:
                return self._refuse(400, "unknown-command")
            arrival = said(arrival, first, arrival.gesture.words)
        # In this mode the body is a mapping of ours: Bolt parses nothing and keeps nothing of the real one.
        request = AsyncBoltRequest(body=arrival.route, mode="socket_mode", context={"arrival": arrival})
        answer = await self._app.async_dispatch(request)
        return Reply(answer.status, answer.body, answer.first_headers_without_set_cookie())

    def _refuse(self, status: int, why: str) -> Reply:
        self._reporter.note(why)
        return Reply(status)


class SlackEndpoint:
    """Size, signature, kind and shape, in this order; then the door.

    A repeated request is let through: it is Slack's retry, and the desk gives it one effect and one answer.
    """

    def __init__(
        self,
        door: Door,
        reporter: Reporter,
        signing_secrets: Sequence[str],
        now: Callable[[], float] = time.time,
    ) -> None:
        """`signing_secrets`: one, or while it is replaced the new and the old one."""
        self._door = door
        self._reporter = reporter
        self._secrets = tuple(secret.encode() for secret in signing_secrets)
        self._now = now

    async def handle(self, request: Request) -> Response:
        """Reply one request.

        413 too long, 401 unsigned or stale, 415 of another kind, 400 unreadable; and whatever the door answers.
        """
        try:
            body = await bounded_body(request)
        except UnreadBody:
            return self._refuse(413, "too-long")
        headers = request.headers
        timestamp, signature = (
            headers.get("x-slack-request-timestamp", ""),
            headers.get("x-slack-signature", ""),
        )
        if not is_signed(self._secrets, timestamp, signature, body, self._now()):
            return self._refuse(401, "unsigned")
        kind = media_type(headers.get("content-type", ""))
        if kind not in (FORM, JSON):
            return self._refuse(415, "wrong-kind")
        try:
            arrival = read_arrival(body, kind)
        except Malformed:
            return self._refuse(400, "malformed")
        if arrival.challenge is not None:
            return JSONResponse({"challenge": arrival.challenge})
        answer = await self._door.receive(arrival)
        return Response(answer.body, answer.status, answer.headers)

    def _refuse(self, status: int, why: str) -> Response:
        self._reporter.note(why)
        return Response(status_code=status)


WINDOW_SECONDS = 300


def is_signed(secrets: Sequence[bytes], timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether Slack signed this body by one of the secrets within five minutes of `now` (seconds since 1970, real).

    Each of them is compared, in constant time, so that nothing tells which one fits.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if abs(now - int(timestamp)) > WINDOW_SECONDS:
        return False
    said = b"v0:" + timestamp.encode() + b":" + body
    fits = False
    for secret in secrets:
        digest = hmac.new(secret, said, hashlib.sha256).hexdigest()
        fits |= hmac.compare_digest(b"v0=" + digest.encode(), signature.encode())
    return fits


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
        pace: SlackPace,
        removed: Removed,
        home: Callable[[], Done],
        spoken: SpokenAt,
    ) -> None:
        self._pages = pages
        self._submissions = submissions
        self._tasks = tasks
        self._pace = pace
        self._removed = removed
        self._home = home
        self._spoken = spoken

    def register(self, app: AsyncApp) -> None:
        """Add all of them to a Bolt app."""
        app.command(ANYTHING)(self.gesture)
        app.action(ANYTHING)(self.gesture)
        app.view_submission(ANYTHING)(self.submission)
        app.shortcut(ANYTHING)(self.gesture)
        app.event("app_home_opened")(self.home)
        app.event("app_uninstalled")(self.uninstalled)
        app.event("tokens_revoked")(self.uninstalled)

    async def gesture(self, ack: AsyncAck, arrival: SlackArrival) -> BoltResponse:
        """A command, a press or a shortcut: ack, and let the form follow."""
        self._pages.speak_to(arrival)
        PageAfterAck(arrival, self._pages, self._tasks, self._pace)
        return await ack()

    async def submission(self, ack: AsyncAck, arrival: SlackArrival) -> BoltResponse:
        """A sent form: the ack carries the answer."""
        self._pages.speak_to(arrival)
        return await ack(await self._submissions.answer(arrival))

    async def home(self, ack: AsyncAck, arrival: SlackArrival) -> BoltResponse:
        """Somebody looks at the Home tab."""
        if arrival.actor is not None:
            home = self._pages.publish_home(
                arrival.team, arrival.actor.address.user, self._home, self._spoken
            )
            self._tasks.start(home)
        return await ack()

    async def uninstalled(self, ack: AsyncAck, arrival: SlackArrival) -> BoltResponse:
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
            raise SlackRefused("other_team")
        return AuthorizeResult(
            enterprise_id=None, team_id=team_id, bot_token=access.token, bot_user_id=access.app_user or None
        )


def bolt_app(api: SlackWebApi, workspaces: Workspaces, reporter: Reporter) -> AsyncApp:
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
