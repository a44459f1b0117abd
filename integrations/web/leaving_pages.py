"""Signing out, and leaving at once with no way back to one's own pages."""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from integrations.web import browser_session
from integrations.web.browser_session import arrive, cookie, forget, proven, session_cookie, visitor_cookie
from integrations.web.page_layout import stale
from integrations.web.ports import Web
from integrations.web.template_environment import page
from trim_bot.app.words import page_words as words


async def sign_out(web: Web, request: Request) -> Response:
    """`POST /sign-out`: end the session here and in the desk."""
    visit = await arrive(web, request)
    sent = await browser_session.read(request)
    if not visit.session or not proven(web, visit, sent.csrf):
        return stale(web, request, visit)
    await web.desk.sign_out(visit.session)
    response = RedirectResponse("/", 303)
    forget(response, session_cookie(web.https), web.https)
    return response


AWAY = "/leave"


async def leave(web: Web, request: Request) -> Response:
    """`POST /leave`: end the session here and in the desk, and go on to a page about something else, at once.

    The way on takes this answer's place in the browser's history, so that *Back* leads to pages that are signed out. It
    asks for no proof of the form: nobody loses by being signed out, and no other site's form brings the session along.
    """
    response = HTMLResponse(
        page("leave.html", to=words.LEAVE_TO), headers={"refresh": f"0; url={words.LEAVE_TO}"}
    )
    for name in (session_cookie(web.https), visitor_cookie(web.https)):
        forget(response, name, web.https)
    session = cookie(request, session_cookie(web.https))
    if session:
        response.background = BackgroundTask(web.desk.sign_out, session)
    return response
