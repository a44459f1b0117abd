"""Pages for everyone: crisis help, what an employer can see, and the two files pages are drawn with."""

from __future__ import annotations

from urllib.parse import urlsplit

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from integrations.web import render
from integrations.web.help_now import by_country
from integrations.web.numbers import call
from integrations.web.paper import CSS, ICON, page
from integrations.web.ports import Web
from integrations.web.shell import frame_for, not_open, respond
from integrations.web.spoken import day
from integrations.web.visit import Visit, arrive, unknown
from trim_bot.app.words import page_words as words
from trim_bot.domain.errors import SafeError

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


async def _live(web: Web, visit: Visit, slug: str) -> Markup:
    view = await web.desk.employer_view(slug)
    if render.status(view) != 200:
        return Markup()
    return render.draw(view, await frame_for(web, visit, view, level=3, prefix="live"))


async def bulletins(web: Web, request: Request) -> Response:
    """`/bulletins`: none is published yet."""
    return not_open(web, request, await arrive(web, request))


async def style(web: Web, request: Request) -> Response:
    """The one style sheet."""
    return Response(CSS, media_type="text/css", headers=_KEPT)


async def icon(web: Web, request: Request) -> Response:
    """Two overlapping circles."""
    return Response(ICON, media_type="image/svg+xml", headers=_KEPT)
