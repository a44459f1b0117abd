"""The pages of somebody signed in: the first page, every form, their own record and the status."""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from integrations.web import posted, render
from integrations.web.paper import page
from integrations.web.ports import Web
from integrations.web.shell import answer, frame_for, not_open, respond, stale
from integrations.web.visit import Visit, arrive, proven
from trim_bot.app.seam.gestures import Gesture, Invoke, Press, Submit
from trim_bot.app.seam.views import Answer, Button, Done, Nothing, View
from trim_bot.app.words import page_words as words


async def home(web: Web, request: Request) -> Response:
    """`/`: what waits and what one can do, or a welcome for somebody signed out."""
    visit = await arrive(web, request)
    if visit.actor is None:
        first = page("welcome.html", slug=web.default_slug())
        body = page("home.html", tries=False, greeting="", first=first, waiting="", calm=True)
        return respond(web, request, visit, words.WELCOME_TITLE, body)
    first_view = await web.desk.receive(visit.actor, Invoke(("home",)))
    waiting_view = await web.desk.receive(visit.actor, Invoke(("waiting",)))
    first = await _section(web, visit, first_view, "f")
    waiting = await _section(web, visit, waiting_view, "w") if _is_shown(waiting_view) else ""
    name = visit.who.name if visit.who else ""
    body = page(
        "home.html",
        tries=web.practice is not None,
        greeting=words.greeting(name),
        first=first,
        waiting=waiting,
        calm=not _calls_for_care(waiting_view),
    )
    return respond(web, request, visit, words.HOME_TITLE, body, render.status(first_view))


async def me(web: Web, request: Request) -> Response:
    """`/me`: one's own record."""
    return await _opened(web, request, Invoke(("me",)))


async def status(web: Web, request: Request) -> Response:
    """`/status`: what a coordinator sees."""
    return await _opened(web, request, Invoke(("peer", "status")))


async def open_form(web: Web, request: Request) -> Response:
    """`GET /f/{form}`: by its entry words, or by a button's token in `t`."""
    form = str(request.path_params["form"])
    token = request.query_params.get("t", "")
    entry = web.entry_words(form)
    if not token and entry is None:
        return not_open(web, request, await arrive(web, request))
    return await _opened(web, request, Press(form, token) if token else Invoke(entry or ()))


async def send_form(web: Web, request: Request) -> Response:
    """`POST /f/{form}`: a form sent, or one of its buttons pressed."""
    visit = await arrive(web, request)
    sent = await posted.read(request)
    if visit.actor is None or not proven(web, visit, sent.csrf):
        return stale(web, request, visit)
    view = await web.desk.receive(visit.actor, gesture(str(request.path_params["form"]), sent))
    return await answer(web, request, visit, view)


def gesture(form: str, sent: posted.Posted) -> Gesture:
    """What was meant: the button used, with what stood beside it, or the form itself."""
    if sent.press:
        action, token = sent.press
        return Press(action, token, sent.values)
    return Submit(form, sent.token, sent.values)


async def _opened(web: Web, request: Request, made: Gesture) -> Response:
    visit = await arrive(web, request)
    if visit.actor is None:
        return RedirectResponse("/sign-in", 303)
    return await answer(web, request, visit, await web.desk.receive(visit.actor, made))


async def _section(web: Web, visit: Visit, view: View, prefix: str) -> Markup:
    return render.draw(view, await frame_for(web, visit, view, level=2, prefix=prefix))


def _is_shown(view: View) -> bool:
    return not (isinstance(view, Nothing) or (isinstance(view, Done) and view.answer is Answer.REFUSED))


def _calls_for_care(view: View) -> bool:
    """Whether something waits: what has no button has nothing to open, and is said without colour."""
    return isinstance(view, Done) and any(isinstance(block, Button) for block in view.blocks)
