"""What is shown while the desk is closed: the help page with its numbers, and a calm page for all else."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integrations.web import public_pages
from integrations.web.browser_session import unknown
from integrations.web.middleware import exact
from integrations.web.page_layout import safe, trouble
from integrations.web.ports import HelpPage, People, SignedIn, Web
from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.views import View
from trim_bot.app.words import page_words as words
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.people import Address

_ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


CLOSED = (503, words.LATER_TITLE, words.LATER_TEXT)
WRONG_ADDRESS = (400, words.WRONG_ADDRESS_TITLE, words.WRONG_ADDRESS_TEXT)
"""Status, title and text of the page for everything but help."""


def help_only_app(
    help_numbers: Callable[[], HelpPage],
    secret: bytes,
    *,
    https: bool,
    why: tuple[int, str, str] = CLOSED,
) -> Starlette:
    """Help and the files it is drawn with; everything else answers with `why` and names the numbers."""
    web = web_without_desk(help_numbers, secret, https=https)

    async def help_now(request: Request) -> Response:
        return safe(await public_pages.help_now(web, request), https)

    async def style(request: Request) -> Response:
        return safe(await public_pages.style(web, request), https)

    async def icon(request: Request) -> Response:
        return safe(await public_pages.icon(web, request), https)

    async def closed(request: Request) -> Response:
        visit = unknown(web, request)
        return safe(trouble(web, request, visit, *why), https)

    routes = [
        Route("/help-now", help_now),
        Route("/static/desk.css", style),
        Route("/static/icon.svg", icon),
        Route("/{path:path}", closed, methods=_ANY_METHOD),
    ]
    return exact(Starlette(routes=routes))


def web_without_desk(help_numbers: Callable[[], HelpPage], secret: bytes, *, https: bool) -> Web:
    """What pages are drawn with that ask nothing of the desk."""
    return Web(
        _ClosedDesk(), help_numbers, lambda _: None, lambda _: False, lambda: None, None, secret, https
    )


class _ClosedDesk:
    """The browser's desk while there is none."""

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        """Raises StoreUnavailable, as everything here does."""
        raise StoreUnavailable

    async def redeem(self, link_secret: str) -> str | None:
        raise StoreUnavailable

    async def signed_in(self, session_secret: str) -> SignedIn | None:
        raise StoreUnavailable

    async def sign_out(self, session_secret: str) -> None:
        raise StoreUnavailable

    async def work_session(self, account: Address) -> str | None:
        raise StoreUnavailable

    async def open_session(self, address: Address) -> str:
        raise StoreUnavailable

    async def listed_people(self, actor: Actor) -> People:
        raise StoreUnavailable

    async def employer_view(self, slug: str) -> View:
        raise StoreUnavailable
