"""What every request goes through: our own address alone is answered, and answers are counted for `/metrics`."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from integrations.web.figures import ProcessFigures
from trim_bot.app.seam.log_events import LogEvent, Tell

TYPE = "text/plain; version=0.0.4; charset=utf-8"


class CountingAnswers:
    """Counts every answer by its status."""

    def __init__(self, app: ASGIApp, figures: ProcessFigures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and look at how the answer begins."""

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._figures.statuses[int(message["status"])] += 1
            await send(message)

        await self._app(scope, receive, counting if scope["type"] == "http" else send)


def answer_metrics(request: Request, token: str, text: str) -> Response:
    """The figures for whoever knows the token; without one set, or with another, nothing is here."""
    if not has_token(request, token):
        return PlainTextResponse("", 404 if not token else 401)
    return PlainTextResponse(text, media_type=TYPE)


def has_token(request: Request, token: str) -> bool:
    """Whether a request carries the administrator's token; never without one set."""
    given, expected = request.headers.get("authorization", ""), f"Bearer {token}"
    return bool(token) and hmac.compare_digest(given.encode(), expected.encode())


def exact(app: Starlette) -> Starlette:
    """The same application, which no longer redirects from a path with a slash too many."""
    app.router.redirect_slashes = False
    return app


def is_sent_to(host: str, scope: Scope) -> bool:
    """Whether a request names this host, with any port. Always for an empty one, never for two `Host` headers."""
    named = [value for key, value in scope.get("headers", ()) if key == b"host"]
    return not host or (len(named) == 1 and _name(named[0]) == host)


HOUR = 60 * 60.0


class OwnHost:
    """Tells requests to our host from others, and says how many there were of each: at once, then once an hour.

    What they name is never repeated, for anybody may write anything there. `monotonic` gives seconds.
    """

    def __init__(self, host: str, tell: Tell, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._host = host
        self._tell = tell
        self._monotonic = monotonic
        self._told_at: float | None = None
        self._every = self._others = 0

    def __call__(self, scope: Scope) -> bool:
        """Whether this one is sent to us."""
        ours = is_sent_to(self._host, scope)
        self._every += 1
        self._others += not ours
        now = self._monotonic()
        if self._others and not ours and (self._told_at is None or now - self._told_at >= HOUR):
            self._tell(LogEvent.OTHER_HOST, about=f"{self._others} of {self._every} PUBLIC_URL")
            self._told_at, self._every, self._others = now, 0, 0
        return ours


def _name(value: bytes) -> str:
    try:
        return urlsplit(f"//{value.decode('ascii')}").hostname or ""
    except ValueError:
        return ""
