"""Pages for everyone: crisis help, what an employer can see, and what is shown while the desk is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from babel import Locale
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integrations.web import public_pages, render
from integrations.web.blocks import call
from integrations.web.browser_session import Visitor, arrive, unknown
from integrations.web.middleware import exact
from integrations.web.page_layout import for_everybody, form_target_for, respond, safe, trouble
from integrations.web.ports import HelpPage, SignedIn, Web
from integrations.web.prepared_page import PreparedPage
from integrations.web.template_environment import CSS, ICON, SCRIPT, day, page
from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.views import View
from trim_bot.app.words import page_words as words
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.name_search import PeopleChoice
from trim_bot.domain.people import Address
from trim_bot.domain.site import CrisisNumber

_KEPT = {"cache-control": "public, max-age=31536000, immutable"}


async def help_now(web: Web, request: Request) -> Response:
    """`/help-now`: from what was given at the start, asking neither database nor key.

    It is the same for everybody, and so it is drawn once for as long as the numbers are the same; in practice alone
    people stand around it.
    """
    given = web.help_numbers()
    if web.practice is not None:
        return respond(web, request, unknown(web, request), words.HELP_TITLE, _help_body(given))
    return _DRAWN.of(given).answer(request)


class _DrawnHelp:
    """The page as it was drawn last, and of which numbers."""

    def __init__(self) -> None:
        self._last: tuple[HelpPage, PreparedPage] | None = None

    def of(self, given: HelpPage) -> PreparedPage:
        """The page of these numbers."""
        if self._last is None or self._last[0] is not given:
            self._last = given, PreparedPage.of(for_everybody(words.HELP_TITLE, _help_body(given)))
        return self._last[1]


_DRAWN = _DrawnHelp()


def _help_body(given: HelpPage) -> Markup:
    return page(
        "help_now.html",
        site=given.site,
        countries=by_country(given.everywhere),
        answer_days=given.answer_working_days,
        call=call,
        day=day,
        host=_host,
    )


def _host(source: str) -> str:
    """The name of the site a number was found on, or nothing when its source is not a page."""
    try:
        found = urlsplit(source)
    except ValueError:
        return ""
    return (found.hostname or "").removeprefix("www.") if found.scheme == "https" else ""


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
    return respond(web, request, visit, words.EMPLOYER_TITLE, body)


async def _live(web: Web, visit: Visitor, slug: str) -> Markup:
    view = await web.desk.employer_view(slug)
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


@dataclass(frozen=True, slots=True)
class CountryNumbers:
    """The numbers of one place under its name in English."""

    anchor: str
    name: str
    numbers: tuple[CrisisNumber, ...]


_TERRITORIES = Locale("en", "GB").territories


def country_name(code: str) -> str:
    """What people call a place; its code when it has no name here."""
    return str(_TERRITORIES.get(code.upper(), code)) if code else words.HELP_EVERYWHERE


def by_country(numbers: Iterable[CrisisNumber]) -> tuple[CountryNumbers, ...]:
    """Numbers grouped by place, in the order of the places' names; those for everywhere come first."""
    places: dict[str, list[CrisisNumber]] = {}
    for number in numbers:
        places.setdefault(number.place.upper(), []).append(number)
    named = sorted(places, key=lambda code: (code != "", country_name(code).casefold()))
    return tuple(
        CountryNumbers(f"place-{index}", country_name(code), tuple(places[code]))
        for index, code in enumerate(named, 1)
    )


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

    async def people_to_choose(self, actor: Actor) -> PeopleChoice | None:
        raise StoreUnavailable

    async def employer_view(self, slug: str) -> View:
        raise StoreUnavailable
