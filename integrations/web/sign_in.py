"""Signing in with a one-time link, and signing out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from integrations.web import posted
from integrations.web.paper import page
from integrations.web.ports import Web
from integrations.web.shell import respond, stale, trouble
from integrations.web.sign_in_work import BEGIN
from integrations.web.visit import arrive, forget, keep, proof, proven, session_cookie, unknown
from trim_bot.app.words import page_words as words


async def show(web: Web, request: Request) -> Response:
    """`GET /sign-in`: a button for the link in `k`, so that a preview of the link does not use it up."""
    visit = unknown(web, request)
    secret = request.query_params.get("k", "")
    work = BEGIN if web.work is not None else ""
    body = page("sign_in.html", secret=secret, csrf=proof(web, visit), slug=web.default_slug(), work=work)
    return respond(web, request, visit, words.LINK_TITLE if secret else words.NEED_TITLE, body)


async def redeem(web: Web, request: Request) -> Response:
    """`POST /sign-in`: swap the link for a session; 410 when it was used or has run out."""
    visit = unknown(web, request)
    sent = await posted.read(request)
    if visit.fresh or not proven(web, visit, sent.csrf):
        return stale(web, request, visit)
    secret = sent.values.get("k", "")
    session = await web.desk.redeem(secret) if isinstance(secret, str) and secret else None
    if session is None:
        return trouble(web, request, visit, 410, words.GONE_TITLE, words.GONE_TEXT)
    response = RedirectResponse("/", 303)
    keep(response, session_cookie(web.https), session, web.https)
    return response


async def sign_out(web: Web, request: Request) -> Response:
    """`POST /sign-out`: end the session here and in the desk."""
    visit = await arrive(web, request)
    sent = await posted.read(request)
    if not visit.session or not proven(web, visit, sent.csrf):
        return stale(web, request, visit)
    await web.desk.sign_out(visit.session)
    response = RedirectResponse("/", 303)
    forget(response, session_cookie(web.https), web.https)
    return response
