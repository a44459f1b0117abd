"""Puts a drawn view into the whole page, with the workspace around it in practice, and sets each answer's headers."""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from integrations.web import render
from integrations.web.blocks import FormTarget, call
from integrations.web.browser_session import Visitor, keep, proof, visitor_cookie
from integrations.web.ports import People, Web
from integrations.web.practice_panel import surroundings
from integrations.web.template_environment import page
from trim_bot.app.seam.views import View
from trim_bot.app.words import page_words as words
from trim_bot.domain.clean_text import cleaned


def respond(
    web: Web, request: Request, visit: Visitor, title: str, body: Markup, status: int = 200
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


async def form_target_for(
    web: Web, visit: Visitor, view: View, *, base: str = "/f/", level: int = 1, prefix: str = "f"
) -> FormTarget:
    """The surroundings of a view, with the people to choose from if it asks for any."""
    people: People = ()
    if visit.actor and render.asks_for_people(view):
        people = await web.desk.listed_people(visit.actor)
    return FormTarget(proof(web, visit), base, people, level, prefix)


async def answer(web: Web, request: Request, visit: Visitor, view: View, base: str = "/f/") -> Response:
    """A view as a page of its own, with the status that says the same."""
    body = render.draw(view, await form_target_for(web, visit, view, base=base))
    status = render.status(view)
    if status == 503:
        body += _still_there(web)
    return respond(web, request, visit, render.title(view), body, status)


def trouble(
    web: Web, request: Request, visit: Visitor, status: int, title: str, text: str, *, reference: str = ""
) -> Response:
    """A calm page about what went wrong, always with help numbers; a fault of ours has a reference to quote."""
    said = words.quote(reference) if reference else ""
    body = page("trouble.html", title=title, text=text, quote=said) + _still_there(web)
    return respond(web, request, visit, title, body, status)


def not_open(web: Web, request: Request, visit: Visitor) -> Response:
    """The one answer to everything that is not there or not for this person."""
    return trouble(web, request, visit, 404, words.REFUSED_TITLE, words.REFUSED_TEXT)


def stale(web: Web, request: Request, visit: Visitor) -> Response:
    """A form that came without proof, or after its session ended; going back keeps what was typed."""
    return trouble(web, request, visit, 403, words.STALE_TITLE, words.STALE_TEXT)


def _still_there(web: Web) -> Markup:
    return page("still_there.html", numbers=web.help_numbers().at_hand, call=call)


POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex, nofollow",
}

TEAMS_HOSTS = (
    "https://teams.microsoft.com",
    "https://*.teams.microsoft.com",
    "https://*.cloud.microsoft",
    "https://*.office.com",
    "https://*.microsoft365.com",
    "https://outlook.office365.com",
)
"""Where Microsoft frames an app's tab."""


def in_frame(response: Response) -> Response:
    """The same answer, which Teams alone may frame."""
    policy = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(TEAMS_HOSTS)}")
    response.headers["content-security-policy"] = policy
    del response.headers["x-frame-options"]
    return response


def safe(response: Response, https: bool) -> Response:
    """The same answer with the headers on it; a `cache-control` it already has is kept."""
    response.headers.update(HEADERS)
    response.headers.setdefault("cache-control", "no-store")
    if https:
        response.headers["strict-transport-security"] = "max-age=31536000"
    return response
