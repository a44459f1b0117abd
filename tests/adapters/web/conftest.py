"""A browser, as far as the pages can tell, on a desk that answers as told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import httpx
import pytest
from starlette.applications import Starlette

from integrations.web.pages import build_web
from integrations.web.ports import Consent, HelpPage, WorkSignIn
from tests.adapters.web.reading_html import Page, read
from tests.adapters.web.stand_ins import HELP, SECRET, FakeDesk, FakePractice
from tests.fakes.telling import Telling
from trim_bot.app.desk.routes import opens

ENTRIES = {"support": ("support",), "log": ("peer", "log")}


@dataclass
class Browser:
    """A client with cookies, and the desk it talks to."""

    client: httpx.AsyncClient
    desk: FakeDesk
    practice: FakePractice | None
    https: bool
    told: list[str]
    """The lines of the log."""

    def sign_in(self, who: str = "sam") -> None:
        """Put the session's cookie in place."""
        name = "__Host-peer-session" if self.https else "peer-session"
        self.client.cookies.set(name, f"acme.{who}", domain="desk.test", path="/")

    async def get(self, path: str) -> tuple[httpx.Response, Page]:
        """A page and what it holds; it has no fault."""
        return _sound(await self.client.get(path))

    async def post(self, path: str, *pairs: tuple[str, str]) -> tuple[httpx.Response, Page]:
        """What comes of sending a form: the page it leads on to, where it leads to one of its own."""
        sent = await self.client.post(path, **as_form(*pairs))
        way = sent.headers.get("location", "")
        if sent.status_code == 303 and "p" in way.split("/"):
            return await self.get(way)
        return _sound(sent)

    async def csrf(self, path: str) -> str:
        """The proof in the last form of a page."""
        _, page = await self.get(path)
        return page.all("input", type="hidden", name="csrf")[-1]["value"]


def as_form(*pairs: tuple[str, str]) -> dict:
    """Pairs as a browser would send them."""
    body = str(httpx.QueryParams(list(pairs))).encode()
    return {"content": body, "headers": {"content-type": "application/x-www-form-urlencoded"}}


def _sound(response: httpx.Response) -> tuple[httpx.Response, Page]:
    page = read(response.text)
    if response.headers.get("content-type", "").startswith("text/html"):
        assert page.faults == []
    return response, page


@pytest.fixture
async def browsers(anyio_backend: str) -> AsyncIterator[Callable[..., Browser]]:
    """Makes browsers, each on a desk of its own."""
    clients: list[httpx.AsyncClient] = []

    def make(
        *,
        practice: bool = False,
        https: bool = True,
        slug: str | None = "acme",
        work: WorkSignIn | None = None,
        consent: Consent | None = None,
        tab: bool = False,
        numbers: HelpPage = HELP,
    ) -> Browser:
        told: list[str] = []
        desk, workspace = FakeDesk(), FakePractice() if practice else None
        routes, handlers = build_web(
            desk,
            help_numbers=lambda: numbers,
            entry_words=ENTRIES.get,
            opens=opens,
            default_slug=lambda: slug,
            practice=workspace,
            secret=SECRET,
            https=https,
            work=work,
            consent=consent,
            tab=tab,
            tell=Telling(told),
        )
        app = Starlette(routes=routes, exception_handlers=handlers)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(
            transport=transport, base_url=f"{'https' if https else 'http'}://desk.test"
        )
        clients.append(client)
        return Browser(client, desk, workspace, https, told)

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
def browser(browsers: Callable[..., Browser]) -> Browser:
    """One browser, in production, signed out."""
    return browsers()
