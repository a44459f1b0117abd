"""Signing in, with a one-time link or the work account at its login."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from integrations.web import browser_session
from integrations.web.browser_session import (
    MOST_SIGNED,
    cookie,
    forget,
    keep,
    proof,
    proven,
    session_cookie,
    unknown,
    work_cookie,
)
from integrations.web.page_layout import not_open, respond, stale, trouble
from integrations.web.ports import Web
from integrations.web.template_environment import page
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.words import page_words as words
from trim_bot.domain.errors import SafeError, StoreUnavailable, TryLater


async def show(web: Web, request: Request) -> Response:
    """`GET /sign-in`: a button for the link in `k`, so that a preview of the link does not use it up."""
    visit = unknown(web, request)
    secret = request.query_params.get("k", "")
    work = BEGIN if web.work is not None else ""
    body = page("sign_in.html", secret=secret, csrf=proof(web, visit), slug=web.default_slug(), work=work)
    return respond(web, request, visit, here(words.LINK_TITLE) if secret else here(words.NEED_TITLE), body)


async def redeem(web: Web, request: Request) -> Response:
    """`POST /sign-in`: swap the link for a session; 410 when it was used or has run out."""
    visit = unknown(web, request)
    sent = await browser_session.read(request)
    if visit.fresh or not proven(web, visit, sent.csrf):
        return stale(web, request, visit)
    secret = sent.values.get("k", "")
    session = await web.desk.redeem(secret) if isinstance(secret, str) and secret else None
    if session is None:
        return trouble(web, request, visit, 410, words.GONE_TITLE, words.GONE_TEXT)
    return await _signed_in(web, request, session)


async def _signed_in(web: Web, request: Request, session: str) -> Response:
    """On to the first page. Whoever was signed in in this browser before is so nowhere any more.

    The link is spent by now, so whatever comes of ending the session before, the new one is put in its place here.
    """
    before = cookie(request, session_cookie(web.https))
    try:
        if before:
            await web.desk.sign_out(before)
    except Exception as fault:  # noqa: BLE001 (a link works once: nothing of the session before may cost it)
        web.tell(LogEvent.SESSION, fault)
    response = RedirectResponse("/", 303)
    keep(response, session_cookie(web.https), session, web.https)
    return response


BEGIN = "/sign-in/microsoft"
BACK = "/sign-in/microsoft/back"
MOST_ANSWER = 8000
"""Characters of what somebody may come back with."""


async def begin(web: Web, request: Request) -> Response:
    """`GET /sign-in/microsoft`: on to the login."""
    if web.work is None:
        return not_open(web, request, unknown(web, request))
    if web.sign_in_limit.refuses(request):
        return _later(web, request)
    address, kept = await web.work.begin()
    response = RedirectResponse(address, 303)
    keep(response, work_cookie(web.https), kept, web.https)
    return response


async def back(web: Web, request: Request) -> Response:
    """`GET /sign-in/microsoft/back`: a session for whoever has this account; one answer to everything else."""
    if web.sign_in_limit.refuses(request):
        return _later(web, request)
    kept = cookie(request, work_cookie(web.https), MOST_SIGNED)
    session = await _session(web, request, kept)
    if session is None:
        visit = unknown(web, request)
        response = trouble(web, request, visit, 403, words.WORK_TITLE, words.WORK_TEXT)
    else:
        response = await _signed_in(web, request, session)
    forget(response, work_cookie(web.https), web.https)
    return response


async def _session(web: Web, request: Request, kept: str) -> str | None:
    if web.work is None or not kept or len(str(request.url.query)) > MOST_ANSWER:
        return None
    try:
        account = await web.work.finish(kept, dict(request.query_params))
        return await web.desk.work_session(account)
    except (StoreUnavailable, TryLater):
        raise
    except SafeError:
        return None


def _later(web: Web, request: Request) -> Response:
    return trouble(web, request, unknown(web, request), 429, words.OFTEN_TITLE, words.OFTEN_TEXT)
