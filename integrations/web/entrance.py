"""The door for somebody who gives no name: asking, and coming back with a reply code."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from integrations.web import posted
from integrations.web.forms import gesture
from integrations.web.ports import Web
from integrations.web.shell import answer, not_open, stale, trouble
from integrations.web.visit import arrive, proven, unknown
from trim_bot.app.seam.gestures import Actor, Gesture, Invoke, Press
from trim_bot.app.words import page_words as words
from trim_bot.domain.people import Address, Platform

ENTRIES = ("ask", "reply")


async def enter(web: Web, request: Request) -> Response:
    """`GET /o/{slug}/{form}`: only asking and replying begin here; a token leads on from there."""
    form = str(request.path_params["form"])
    token = request.query_params.get("t", "")
    if token and web.signed_out_limit.refuses(request):
        return trouble(web, request, unknown(web, request), 429, words.OFTEN_TITLE, words.OFTEN_TEXT)
    if not token and form not in ENTRIES:
        return not_open(web, request, await arrive(web, request, named=False))
    return await _answered(web, request, Press(form, token) if token else Invoke((form,)))


async def send(web: Web, request: Request) -> Response:
    """`POST /o/{slug}/{form}`: a form sent, or one of its buttons pressed, by nobody in particular."""
    if web.signed_out_limit.refuses(request):
        return trouble(web, request, unknown(web, request), 429, words.OFTEN_TITLE, words.OFTEN_TEXT)
    sent = await posted.read(request)
    visit = await arrive(web, request, named=False)
    if visit.fresh or not proven(web, visit, sent.csrf):
        return stale(web, request, visit)
    return await _answered(web, request, gesture(str(request.path_params["form"]), sent))


async def _answered(web: Web, request: Request, made: Gesture) -> Response:
    slug = str(request.path_params["slug"])
    visit = await arrive(web, request, named=False)
    view = await web.desk.receive(Actor(Address(Platform.WEB, slug, "")), made)
    return await answer(web, request, visit, view, base=f"/o/{quote(slug, safe='')}/")
