"""The one way in from Slack: each request is checked, then by socket or request it is known whose it is, then Bolt."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from integrations.ground.fault_lines import Reporter
from integrations.ground.untrusted_input import Malformed, UnreadBody, bounded_body, media_type
from integrations.slack.payloads import FORM, JSON, Arrival, read_arrival, said
from integrations.slack.workspaces import Workspaces
from trim_bot.app.seam.gestures import Invoke
from trim_bot.app.workspaces.command_names import FirstWord
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

    async def receive(self, arrival: Arrival) -> Reply:
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


class Endpoint:
    """Size, signature, kind and shape, in this order; then the door.

    A repeated request is let through: it is Slack's retry, and the desk gives it one effect and one answer.
    """

    def __init__(
        self,
        door: Door,
        reporter: Reporter,
        signing_secret: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._door = door
        self._reporter = reporter
        self._secret = signing_secret.encode()
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
        if not is_signed(self._secret, timestamp, signature, body, self._now()):
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


def is_signed(secret: bytes, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether Slack signed this body within five minutes of `now`, in seconds since 1970 (real time)."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if abs(now - int(timestamp)) > WINDOW_SECONDS:
        return False
    digest = hmac.new(secret, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(b"v0=" + digest.encode(), signature.encode())
