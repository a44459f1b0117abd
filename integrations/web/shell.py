"""Puts a drawn view into the whole page: header, footer and, in practice, the workspace around it."""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from integrations.web import render
from integrations.web.frame import Frame
from integrations.web.numbers import call
from integrations.web.paper import page
from integrations.web.ports import People, Web
from integrations.web.practice_side import surroundings
from integrations.web.visit import Visit, keep, proof, visitor_cookie
from trim_bot.app.seam.views import View
from trim_bot.app.words import page_words as words
from trim_bot.domain.clean_text import cleaned


def respond(
    web: Web, request: Request, visit: Visit, title: str, body: Markup, status: int = 200
) -> Response:
    """The whole page around `body`."""
    signed_in = visit.actor is not None
    html = page(
        "base.html",
        title=title,
        body=body,
        who=visit.who.name if visit.who and signed_in else "",
        signed_in=signed_in,
        csrf=proof(web, visit),
        practice=surroundings(web, request, visit),
    )
    # Whatever was kept before texts were cleaned where they enter: a page that cannot be sent helps nobody.
    response = HTMLResponse(cleaned(html), status)
    if visit.fresh:
        keep(response, visitor_cookie(web.https), visit.visitor, web.https)
    return response


async def frame_for(
    web: Web, visit: Visit, view: View, *, base: str = "/f/", level: int = 1, prefix: str = "f"
) -> Frame:
    """The surroundings of a view, with the people to choose from if it asks for any."""
    people: People = ()
    if visit.actor and render.asks_for_people(view):
        people = await web.desk.listed_people(visit.actor)
    return Frame(proof(web, visit), base, people, level, prefix)


async def answer(web: Web, request: Request, visit: Visit, view: View, base: str = "/f/") -> Response:
    """A view as a page of its own, with the status that says the same."""
    body = render.draw(view, await frame_for(web, visit, view, base=base))
    status = render.status(view)
    if status == 503:
        body += _still_there(web)
    return respond(web, request, visit, render.title(view), body, status)


def trouble(web: Web, request: Request, visit: Visit, status: int, title: str, text: str) -> Response:
    """A calm page about what went wrong, always with help numbers."""
    body = page("trouble.html", title=title, text=text) + _still_there(web)
    return respond(web, request, visit, title, body, status)


def not_open(web: Web, request: Request, visit: Visit) -> Response:
    """The one answer to everything that is not there or not for this person."""
    return trouble(web, request, visit, 404, words.REFUSED_TITLE, words.REFUSED_TEXT)


def stale(web: Web, request: Request, visit: Visit) -> Response:
    """A form that came without proof, or after its session ended; going back keeps what was typed."""
    return trouble(web, request, visit, 403, words.STALE_TITLE, words.STALE_TEXT)


def _still_there(web: Web) -> Markup:
    given = web.help_numbers()
    return page("still_there.html", numbers=given.site or given.everywhere[:3], call=call)
