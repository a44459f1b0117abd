"""What a coordinator's browser gets: status, headers in their order and the length of every page, beside its words."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from starlette.applications import Starlette

from integrations.web.pages import build_web
from integrations.web.ports import HelpPage
from tests.builders import Town
from trim_bot.app.desk.browser_front import BrowserFront
from trim_bot.app.desk.routes import entry_words, opens
from trim_bot.app.people.sessions import Sessions
from trim_bot.domain.people import Address

PAGES = (
    "/", "/status", "/me", "/bulletins", "/f/team", "/f/waiting", "/f/due", "/f/profile",
    "/f/cases", "/f/log", "/f/support", "/what-can-my-employer-see", "/nowhere",
)  # fmt: skip
LIVE = ("/status", "/f/team", "/what-can-my-employer-see")
"""Looked at after each act."""
DRAWN_AFRESH = re.compile(rb"(?<![\w.-])(?:[\w.=-]|%3D){20,}")
"""Tokens, proofs and handles, in an address too: random, and compared by their length alone."""


@dataclass(frozen=True)
class Answer:
    """One answer as it went over the wire."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    """In their order, each as it was sent."""
    body: bytes

    def told(self) -> str:
        """All of it as one text; of what is random its length."""
        lines = [f"{self.status}", *(f"{name!r}: {_masked(value)!r}" for name, value in self.headers)]
        return "\n".join([*lines, f"{len(self.body)} bytes", _masked(self.body).decode()])


@dataclass
class CoordinatorsBrowser:
    """A browser that is signed in as the coordinator of one world."""

    client: httpx.AsyncClient
    front: BrowserFront
    address: Address

    async def look(self, pages: tuple[str, ...] = PAGES) -> list[str]:
        """Every page, as `Answer.told` says it; signed in afresh, since the clock has moved on."""
        secret = await self.front.open_session(self.address)
        self.client.cookies.set("__Host-peer-session", secret, domain="desk.example", path="/")
        return [(await self.get(path)).told() for path in pages]

    async def get(self, path: str) -> Answer:
        """One page."""
        answer = await self.client.get(path)
        return Answer(answer.status_code, tuple(answer.headers.raw), answer.content)


@asynccontextmanager
async def coordinators_browser(town: Town, name: str = "cora") -> AsyncIterator[CoordinatorsBrowser]:
    """A browser on the real pages, over the desk of a town."""
    front = BrowserFront(town.desk, Sessions(town.store, town.clock))
    await front.look_up_slug()
    routes, faults = build_web(
        front,
        help_numbers=HelpPage,
        entry_words=entry_words,
        opens=opens,
        default_slug=lambda: front.only_slug,
        practice=None,
        secret=b"s" * 32,
        https=True,
    )
    app = Starlette(routes=routes, exception_handlers=faults)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://desk.example") as client:
        yield CoordinatorsBrowser(client, front, town.actor(name).address)


def _masked(text: bytes) -> bytes:
    return DRAWN_AFRESH.sub(lambda found: b"(%d)" % len(found[0]), text)
