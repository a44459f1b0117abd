"""The shapes in which a platform is away, for the stand-ins of both: set `shape`, and clear it once it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import TypeVar

from aiohttp import web

from integrations.ground.outgoing_calls import TOTAL_SECONDS, OutgoingCalls

T = TypeVar("T")
WISH_SECONDS = 90


class Shape(Enum):
    """What every call meets."""

    REFUSED = "refused"
    """The connection breaks off before any answer; a stand-in on a loopback port cannot close one address alone."""
    FAILING = "failing"
    """503."""
    GATEWAY = "gateway"
    """502 with a page of something in between."""
    BUSY = "busy"
    """429, and no word of when."""
    BUSY_UNTIL = "busy_until"
    """429 with a Retry-After of WISH_SECONDS."""
    HANGING = "hanging"
    """It takes the call and never answers."""
    REVOKED = "revoked"
    """The token is not taken."""


class Away:
    """Mixed into a stand-in. `not_taken` makes the platform's own answer to a token it does not take."""

    shape: Shape | None = None
    hit = 0
    """How many calls met the outage."""

    def __init__(self) -> None:
        self._back = asyncio.Event()
        self.taken = asyncio.Event()
        """Set as soon as a call hangs here, and then another."""

    def come_back(self) -> None:
        """Answer again, those that hang included."""
        self.shape = None
        self._back.set()
        self._back = asyncio.Event()

    async def in_the_way(
        self, request: web.Request, not_taken: Callable[[], web.Response]
    ) -> web.Response | None:
        """What stands in the way of a call; None when nothing does."""
        if self.shape is None:
            return None
        self.hit += 1
        match self.shape:
            case Shape.REFUSED:
                if request.transport is not None:
                    request.transport.abort()
                return web.Response(status=500)
            case Shape.FAILING:
                return web.Response(status=503, text="busy", content_type="text/html")
            case Shape.GATEWAY:
                return web.Response(status=502, text="<html>bad gateway</html>", content_type="text/html")
            case Shape.BUSY:
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429)
            case Shape.BUSY_UNTIL:
                return web.json_response(
                    {"ok": False, "error": "ratelimited"},
                    status=429,
                    headers={"Retry-After": str(WISH_SECONDS)},
                )
            case Shape.HANGING:
                self.taken.set()
                self.taken = asyncio.Event()
                await self._back.wait()
                return web.Response(status=503)
            case Shape.REVOKED:
                return not_taken()


class ImpatientCalls(OutgoingCalls):
    """Gives a call up once a stand-in has taken it and hangs, in place of a time that a busy machine may not keep."""

    stand_ins: tuple[Away, ...] = ()
    """Those that may hang."""

    async def ask(
        self,
        place: str,
        call: Callable[[], Awaitable[T]],
        seconds: float = TOTAL_SECONDS,
        *,
        workspace: str = "",
    ) -> T:
        return await super().ask(place, lambda: self._until_it_hangs(call), seconds, workspace=workspace)

    async def _until_it_hangs(self, call: Callable[[], Awaitable[T]]) -> T:
        going = asyncio.ensure_future(call())
        hanging = [asyncio.ensure_future(one.taken.wait()) for one in self.stand_ins]
        try:
            await asyncio.wait([going, *hanging], return_when=asyncio.FIRST_COMPLETED)
            if going.done():
                return going.result()
            raise TimeoutError
        finally:
            for one in (going, *hanging):
                one.cancel()
            await asyncio.gather(going, *hanging, return_exceptions=True)
