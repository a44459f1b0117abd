"""Pages for everyone: what an employer can see, and what is shown while the desk is closed."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integrations.web import help_pages, public_pages, render
from integrations.web.browser_session import Visitor, arrive, unknown
from integrations.web.middleware import exact
from integrations.web.page_layout import form_target_for, respond, safe, trouble
from integrations.web.ports import HelpPage, SignedIn, Web
from integrations.web.template_environment import CSS, ICON, SCRIPT, page
from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.in_language import here, in_language
from trim_bot.app.seam.languages import ENGLISH, Language, spoken_here
from trim_bot.app.seam.page_again import PageAgain, PageKey
from trim_bot.app.seam.views import View
from trim_bot.app.words import employer_words
from trim_bot.app.words import page_words as words
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.name_search import PeopleChoice
from trim_bot.domain.people import Address

_KEPT = {"cache-control": "public, max-age=31536000, immutable"}


async def employer(web: Web, request: Request) -> Response:
    """`/what-can-my-employer-see`: what closed weeks and quarters say, above the words about all else."""
    visit = unknown(web, request)
    live = Markup()
    try:
        visit = await arrive(web, request)
        slug = (visit.actor.address.workspace if visit.actor else "") or web.default_slug()
        live = await _live(web, visit, slug) if slug else live
    except SafeError:
        # The words matter most when the desk is down; the page says that the figures are missing.
        live = Markup()
    body = page("employer.html", live=live)
    return respond(web, request, visit, here(employer_words.EMPLOYER_TITLE), body)


async def _live(web: Web, visit: Visitor, slug: str) -> Markup:
    view = in_language(await web.desk.employer_view(slug), spoken_here())
    if render.status(view) != 200:
        return Markup()
    return render.draw(view, await form_target_for(web, visit, view, level=3, prefix="live"))


async def style(web: Web, request: Request) -> Response:
    """The one style sheet."""
    return Response(CSS, media_type="text/css", headers=_KEPT)


async def script(web: Web, request: Request) -> Response:
    """The one script, which finds people as one types; every page works without it."""
    return Response(SCRIPT, media_type="text/javascript", headers=_KEPT)


async def icon(web: Web, request: Request) -> Response:
    """Two overlapping circles."""
    return Response(ICON, media_type="image/svg+xml", headers=_KEPT)


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
        return safe(await help_pages.help_now(web, request), https)

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

    def language_of(self, actor: Actor) -> Language:
        """English."""
        return ENGLISH

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        """Raises StoreUnavailable, as everything here does."""
        raise StoreUnavailable

    async def lead_on(self, actor: Actor, gesture: Gesture, key: PageKey, sent: PageAgain) -> View:
        raise StoreUnavailable

    async def kept_page(self, slug: str, key: PageKey) -> PageAgain | None:
        raise StoreUnavailable

    def mark(self, actor: Actor) -> str:
        return ""

    def marked(self, mark: str) -> Address | None:
        return None

    async def keep_unsent(self, typed_by: Address, page: PageAgain, key: PageKey) -> bool:
        raise StoreUnavailable

    async def unsent(self, actor: Actor, secret: str) -> tuple[str, ...]:
        raise StoreUnavailable

    async def take_unsent(self, actor: Actor, secret: str, id: str, key: PageKey) -> bool:
        raise StoreUnavailable

    async def drop_unsent(self, actor: Actor, secret: str) -> None:
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

    async def people_to_choose(self, actor: Actor) -> PeopleChoice | None:
        raise StoreUnavailable

    async def employer_view(self, slug: str) -> View:
        raise StoreUnavailable
