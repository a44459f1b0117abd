"""Signing in with the work account: away to the login and back, with a short signed cookie between."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from integrations.web.ports import Web
from integrations.web.shell import not_open, trouble
from integrations.web.visit import forget, keep, session_cookie, unknown, work_cookie
from trim_bot.app.words import page_words as words
from trim_bot.domain.errors import SafeError, StoreUnavailable, TryLater

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
    kept = request.cookies.get(work_cookie(web.https), "")
    session = await _session(web, request, kept)
    if session is None:
        visit = unknown(web, request)
        response = trouble(web, request, visit, 403, words.WORK_TITLE, words.WORK_TEXT)
    else:
        response = RedirectResponse("/", 303)
        keep(response, session_cookie(web.https), session, web.https)
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
