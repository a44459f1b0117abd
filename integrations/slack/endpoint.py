"""`POST /slack/events`: everything is checked here before Bolt or the desk sees any of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from integrations.ground.fault_lines import Reporter
from integrations.ground.request_body import UnreadBody, bounded_body, media_type
from integrations.ground.untrusted_json import Malformed
from integrations.slack.door import Door
from integrations.slack.payloads import FORM, JSON, read_arrival
from integrations.slack.signature import is_signed


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
        """Answer one request.

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
