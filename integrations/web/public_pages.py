"""Pages for everyone: crisis help, what an employer can see, and the two files pages are drawn with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from babel import Locale
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from integrations.web import render
from integrations.web.blocks import call
from integrations.web.browser_session import Visitor, arrive, unknown
from integrations.web.page_layout import form_target_for, not_open, respond
from integrations.web.ports import Web
from integrations.web.template_environment import CSS, ICON, day, page
from trim_bot.app.words import page_words as words
from trim_bot.domain.errors import SafeError
from trim_bot.domain.site import CrisisNumber

_KEPT = {"cache-control": "public, max-age=31536000, immutable"}


async def help_now(web: Web, request: Request) -> Response:
    """`/help-now`: from what was given at the start, asking neither database nor key."""
    given = web.help_numbers()
    body = page(
        "help_now.html",
        site=given.site,
        countries=by_country(given.everywhere),
        answer_days=given.answer_working_days,
        call=call,
        day=day,
        host=_host,
    )
    return respond(web, request, unknown(web, request), words.HELP_TITLE, body)


def _host(source: str) -> str:
    """The name of the site a number was found on, or nothing when its source is not a page."""
    try:
        found = urlsplit(source)
    except ValueError:
        return ""
    return (found.hostname or "").removeprefix("www.") if found.scheme == "https" else ""


async def employer(web: Web, request: Request) -> Response:
    """`/what-can-my-employer-see`: the coordinator's own view, live, above the words that explain it."""
    visit = unknown(web, request)
    live = Markup()
    try:
        visit = await arrive(web, request)
        slug = (visit.actor.address.workspace if visit.actor else "") or web.default_slug()
        live = await _live(web, visit, slug) if slug else live
    except SafeError:
        # The words matter most when the desk is down; the page says that the live part is missing.
        live = Markup()
    body = page("employer.html", live=live)
    return respond(web, request, visit, words.EMPLOYER_TITLE, body)


async def _live(web: Web, visit: Visitor, slug: str) -> Markup:
    view = await web.desk.employer_view(slug)
    if render.status(view) != 200:
        return Markup()
    return render.draw(view, await form_target_for(web, visit, view, level=3, prefix="live"))


async def bulletins(web: Web, request: Request) -> Response:
    """`/bulletins`: none is published yet."""
    return not_open(web, request, await arrive(web, request))


async def style(web: Web, request: Request) -> Response:
    """The one style sheet."""
    return Response(CSS, media_type="text/css", headers=_KEPT)


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
