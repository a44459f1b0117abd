"""Binds the way to Slack and back to one browser, once: a signed, short-lived cookie that holds the `state`."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

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
