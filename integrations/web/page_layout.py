"""Puts a drawn view into the whole page, with the workspace around it in practice, and sets each answer's headers."""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from integrations.web import render
from integrations.web.blocks import FormTarget
from integrations.web.browser_session import RESERVED, Visitor, keep, proof, visitor_cookie
from integrations.web.help_numbers import to_ring
from integrations.web.people_search import PeopleFields
from integrations.web.ports import Web
from integrations.web.practice_panel import surroundings
from integrations.web.template_environment import page, part
from trim_bot.app.seam.in_language import here, language_of
from trim_bot.app.seam.languages import speak
from trim_bot.app.seam.views import Done, Nothing, View
from trim_bot.app.words import page_words as words
from trim_bot.app.words.common_answers import TO_MEND
from trim_bot.domain.clean_text import cleaned_all
from trim_bot.domain.name_search import PeopleChoice


def respond(
    web: Web,
    request: Request,
    visit: Visitor,
    title: str,
    body: Markup,
    status: int = 200,
    *,
    finds: bool = False,
) -> Response:
    """The whole page around `body`; one that finds people by name alone may run our script."""
    signed_in = visit.actor is not None
    html = page(
        "base.html",
        title=title,
        body=body,
        who=visit.who.name if visit.who and signed_in else "",
        signed_in=signed_in,
        country=visit.who.country if visit.who and signed_in else "",
        csrf=proof(web, visit),
        practice=surroundings(web, request, visit),
        finds=finds,
    )
    # Whatever was kept before texts were cleaned where they enter: a page that cannot be sent helps nobody.
    response = HTMLResponse(cleaned_all(html, drawn=True), status)
    if finds:
        response.headers["content-security-policy"] = POLICY_FOR_SCRIPT
    if visit.fresh:
        keep(response, visitor_cookie(web.https), visit.visitor, web.https)
    return response


def for_everybody(title: str, body: Markup) -> str:
    """The whole page around a body that is nobody's: no name, no proof, and nobody's cookie."""
    return cleaned_all(
        page(
            "base.html",
            title=title,
            body=body,
            who="",
            signed_in=False,
            country="",
            csrf="",
            practice=None,
            finds=False,
        ),
        drawn=True,
    )


async def form_target_for(
    web: Web,
    visit: Visitor,
    view: View,
    *,
    base: str = "/f/",
    level: int = 1,
    prefix: str = "f",
    people: PeopleFields | None = None,
) -> FormTarget:
    """The surroundings of a view. The people to choose from are asked for if it needs any, unless they are given."""
    if people is None:
        asks = visit.actor is not None and render.asks_for_people(view)
        choice = await web.desk.people_to_choose(visit.actor) if visit.actor and asks else None
        people = PeopleFields(choice or PeopleChoice())
    by = web.desk.mark(visit.actor) if visit.actor is not None else ""
    return FormTarget(proof(web, visit), base, people, level, prefix, by, web.slack_home)


async def answer(
    web: Web,
    request: Request,
    visit: Visitor,
    view: View,
    base: str = "/f/",
    people: PeopleFields | None = None,
    *,
    status: int | None = None,
    note: tuple[str, str] | None = None,
) -> Response:
    """A view as a page of its own, with the status that says the same; or with one of its own, and a note why."""
    if not isinstance(view, Nothing):
        # It is in the language that its reader chose, whatever the browser asks for.
        speak(language_of(view))
    target = await form_target_for(web, visit, view, base=base, people=people)
    body = render.draw(view, target)
    if note is not None:
        said = part("blocks.html", "alert", kind="waiting", mark=note[0], text=note[1], lines=())
        body = said + body
    if status is None:
        status = render.status(view)
        if status in (404, 503) or (isinstance(view, Done) and view.name == TO_MEND):
            body += _typed(request)
    if status == 503:
        body += _still_there(web)
    finds = target.people.choice.is_there and render.asks_for_people(view)
    return respond(web, request, visit, render.title(view), body, status, finds=finds)


def trouble(
    web: Web,
    request: Request,
    visit: Visitor,
    status: int,
    title: str,
    text: str,
    *,
    reference: str = "",
    sign_in: bool = False,
) -> Response:
    """A calm page about what went wrong, always with help numbers; a fault of ours has a reference to quote.

    Where a form of this browser was not carried out, all that was typed is in it.
    """
    said = here(words.quote(reference)) if reference else ""
    title, text = here(title), here(text)
    body = page("trouble.html", title=title, text=text, quote=said, sign_in=sign_in)
    return respond(web, request, visit, title, body + _typed(request) + _still_there(web), status)


def _typed(request: Request) -> Markup:
    """What was typed into a form that was not carried out, to be read, kept and sent again; see `typed_again.py`."""
    csrf, pairs = getattr(request.state, "typed", ("", ()))
    shown = [value for name, value in pairs if name not in RESERVED and " " in value.strip()]
    return (
        page("typed.html", action=request.url.path, csrf=csrf, pairs=pairs, shown=shown) if csrf else Markup()
    )


def not_open(web: Web, request: Request, visit: Visitor) -> Response:
    """The one answer to everything that is not there or not for this person."""
    return trouble(web, request, visit, 404, words.REFUSED_TITLE, words.REFUSED_TEXT)


def stale(web: Web, request: Request, visit: Visitor) -> Response:
    """A form that came without proof, or after its session ended: nothing was done."""
    return trouble(web, request, visit, 403, words.STALE_TITLE, words.STALE_TEXT)


def _still_there(web: Web) -> Markup:
    return page("still_there.html", numbers=numbers_at_hand(web))


def numbers_at_hand(web: Web) -> Markup:
    """The numbers of the site's own country, as buttons, for a page about something else; no country is guessed."""
    given = web.help_numbers()
    return page("numbers.html", numbers=to_ring(given, given.home, web.today()), trusts=False)


POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
POLICY_FOR_SCRIPT = f"{POLICY}; script-src 'self'; connect-src 'self'"
"""Of pages that find people by name: our own script, which asks nobody but us."""
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
    """The same answer with the headers on it; those it already has are kept."""
    for name, value in {**HEADERS, "cache-control": "no-store"}.items():
        response.headers.setdefault(name, value)
    if https:
        response.headers["strict-transport-security"] = "max-age=31536000"
    return response
