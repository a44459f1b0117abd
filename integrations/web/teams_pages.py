"""Pages that are there only where Teams is set up: the tab, and taking in a tenant whose administrator agrees."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from integrations.web.blocks import call
from integrations.web.browser_session import consent_cookie, forget, keep, unknown
from integrations.web.page_layout import not_open, trouble
from integrations.web.ports import Web
from integrations.web.sign_in_pages import BEGIN
from integrations.web.template_environment import page
from trim_bot.app.words import page_words as words

INSTALL, INSTALLED = "/teams/install", "/teams/installed"
MOST_ANSWER = 8000


async def install(web: Web, request: Request) -> Response:
    """`GET /teams/install`: on to the login, where an administrator agrees for their tenant."""
    if web.consent is None:
        return not_open(web, request, unknown(web, request))
    address, kept = web.consent.begin()
    response = RedirectResponse(address, 303)
    keep(response, consent_cookie(web.https), kept, web.https)
    return response


async def installed(web: Web, request: Request) -> Response:
    """`GET /teams/installed`: what came of it. Whether a tenant was here already makes no difference to the page."""
    visit = unknown(web, request)
    if web.signed_out_limit.refuses(request):
        return trouble(web, request, visit, 429, words.OFTEN_TITLE, words.OFTEN_TEXT)
    kept = request.cookies.get(consent_cookie(web.https), "")
    answer = dict(request.query_params)
    short = len(str(request.url.query)) <= MOST_ANSWER
    done = web.consent is not None and kept != "" and short and await web.consent.finish(kept, answer)
    if done:
        response = trouble(web, request, visit, 200, words.TENANT_TITLE, words.TENANT_TEXT)
    else:
        response = trouble(web, request, visit, 403, words.NO_TENANT_TITLE, words.NO_TENANT_TEXT)
    forget(response, consent_cookie(web.https), web.https)
    return response


TAB = "/teams/tab"


async def tab(web: Web, request: Request) -> Response:
    """`GET /teams/tab`: help numbers, how to ask, and the way to one's own pages in the browser."""
    given = web.help_numbers()
    numbers = given.site or given.everywhere[:3]
    return HTMLResponse(
        page("tab.html", numbers=numbers, call=call, sign_in=BEGIN if web.work else "/sign-in")
    )
