"""The practice workspace's own doors: move the clock, be someone, press a chat button, read a chat."""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from integrations.ground.untrusted_input import media_type
from integrations.web import browser_session
from integrations.web.browser_session import Visitor, arrive, forget, keep, proof_holds, session_cookie
from integrations.web.form_pages import gesture
from integrations.web.kept_pages import led_on
from integrations.web.page_layout import stale, trouble
from integrations.web.ports import Practice, Web
from integrations.web.practice_panel import address_of
from trim_bot.app.seam.gestures import Value
from trim_bot.app.seam.in_language import here
from trim_bot.app.words import practice_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT
from trim_bot.domain.errors import SafeError


async def move_clock(web: Web, practice: Practice, request: Request) -> Response:
    """`POST /practice/clock`: `{"to": ISO}` moves business time; 409 backwards, 400 when it is not a time."""
    scripted = media_type(request.headers.get("content-type", "")) == browser_session.JSON_TYPE
    visit, values = await _sent(web, request)
    if values is None:
        return stale(web, request, visit)
    to = _time(values.get("to"))
    if to is None:
        return _no(web, request, visit, 400, words.NOT_A_TIME, scripted)
    try:
        moved = await practice.move(to)
    except ValueError:
        return _no(web, request, visit, 409, words.BACKWARDS, scripted)
    if scripted:
        return JSONResponse({"now": practice.now().isoformat(), "ran": moved.ran})
    return RedirectResponse(_with_talks(values.get("next"), moved.talks), 303)


async def be_someone(web: Web, practice: Practice, request: Request) -> Response:
    """`POST /practice/as`: `{"actor": "web:..."}` sets the session, an empty one ends it; else 404."""
    scripted = media_type(request.headers.get("content-type", "")) == browser_session.JSON_TYPE
    visit, values = await _sent(web, request)
    if values is None:
        return stale(web, request, visit)
    text = values.get("actor")
    done = JSONResponse({"actor": text}) if scripted else RedirectResponse(_place(values.get("next")), 303)
    if text == "":
        forget(done, session_cookie(web.https), web.https)
        return done
    address = address_of(practice, text) if isinstance(text, str) else None
    try:
        session = await web.desk.open_session(address) if address else None
    except SafeError:
        session = None
    if session is None:
        return _no(web, request, visit, 404, words.NOT_KNOWN, scripted)
    keep(done, session_cookie(web.https), session, web.https)
    return done


async def press(web: Web, practice: Practice, request: Request) -> Response:
    """`POST /practice/press`: a button of a chat message, answered in the page beside the chat."""
    visit = await arrive(web, request)
    sent = await browser_session.read(request)
    if visit.actor is None or sent.press is None or not _from_here(web, request, visit, sent.csrf):
        return stale(web, request, visit)
    return await led_on(web, request, visit, visit.actor, gesture("", sent), sent)


async def messages(web: Web, practice: Practice, request: Request) -> Response:
    """`GET /practice/messages`: the chat of the present actor, or of `?actor=`; oldest first."""
    visit = await arrive(web, request)
    text = request.query_params.get("actor") or (visit.actor.address.text if visit.actor else "")
    address = address_of(practice, text)
    if address is None:
        return JSONResponse({"error": here(words.NOT_KNOWN)}, 404)
    return JSONResponse(
        [
            {
                "to": text,
                "at": one.at.isoformat(),
                "text": MESSAGE_TEXT,
                "open": one.message.open_token,
                "stop": one.message.stop_token,
            }
            for one in practice.messages(address)
        ]
    )


async def _sent(web: Web, request: Request) -> tuple[Visitor, dict[str, Value] | None]:
    """What was sent; None without proof. JSON needs none, since no other site's form can send that type."""
    visit = await arrive(web, request)
    if media_type(request.headers.get("content-type", "")) == browser_session.JSON_TYPE:
        return visit, _plain(await browser_session.body_of(request))
    form = await browser_session.read(request)
    values = dict(form.values) if _from_here(web, request, visit, form.csrf) else None
    return visit, values


def _from_here(web: Web, request: Request, visit: Visitor, sent: str) -> bool:
    # The workspace also surrounds pages that must not know the session; their forms carry another proof.
    return any(proof_holds(web.secret, binding, sent) for binding in (visit.session, visit.visitor))


def _plain(body: bytes) -> dict[str, Value]:
    try:
        found = json.loads(body)
    except ValueError as reason:
        raise browser_session.BadPost(400) from reason
    if not isinstance(found, dict):
        raise browser_session.BadPost(400)
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _time(value: Value | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _no(web: Web, request: Request, visit: Visitor, status: int, text: str, scripted: bool) -> Response:
    if scripted:
        return JSONResponse({"error": text}, status)
    return trouble(web, request, visit, status, words.BAR, text)


def _place(path: Value | None) -> str:
    """A place here that a form names, or the first page."""
    ours = isinstance(path, str) and path.startswith("/") and path[1:2] not in ("/", "\\")
    return str(path) if ours else "/"


def _with_talks(path: Value | None, talks: int) -> str:
    here = _place(path)
    return here + ("&" if "?" in here else "?") + urlencode({"talks": talks})
