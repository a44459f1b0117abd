"""Pages that hand gestures to the desk: every form, one's own record and the status; and asking without a name."""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from integrations.web import browser_session, people_pages, render
from integrations.web.browser_session import Visitor, arrive, proven, unknown
from integrations.web.kept_pages import led_on, unnamed_base
from integrations.web.page_layout import answer, form_target_for, not_open, respond, trouble
from integrations.web.ports import Web
from integrations.web.practice_panel import surroundings
from integrations.web.reader_language import code_asked
from integrations.web.template_environment import page
from integrations.web.typed_again import (
    not_sent,
    not_sent_unnamed,
    note_typed,
    offered,
    too_long,
    too_long_not_sent,
)
from trim_bot.app.seam.gestures import Actor, Gesture, Invoke, Press, Submit
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.views import Answer, Button, Done, Nothing, View
from trim_bot.app.words import page_words as words
from trim_bot.domain.people import Address, Platform

BYTE_ORDER_MARK = "\ufeff"


async def home(web: Web, request: Request) -> Response:
    """`/`: what waits and what one can do, or a welcome for somebody signed out."""
    visit = await arrive(web, request)
    if visit.actor is None:
        first = page("welcome.html", slug=web.default_slug())
        around = surroundings(web, request, visit)
        body = page("home.html", practice=around, greeting="", first=first, unsent="", waiting="", calm=True)
        return respond(web, request, visit, here(words.WELCOME_TITLE), body)
    first_view = await web.desk.receive(visit.actor, Invoke(("home",)))
    waiting_view = await web.desk.receive(visit.actor, Invoke(("waiting",)))
    first = await _section(web, visit, first_view, "f")
    unsent = await offered(web, request, visit)
    waiting = await _section(web, visit, waiting_view, "w") if _is_shown(waiting_view) else ""
    name = visit.who.name if visit.who else ""
    body = page(
        "home.html",
        practice=surroundings(web, request, visit),
        greeting=here(words.greeting(name)),
        first=first,
        unsent=unsent,
        waiting=waiting,
        calm=not _calls_for_care(waiting_view),
    )
    return respond(web, request, visit, here(words.HOME_TITLE), body, render.status(first_view))


async def me(web: Web, request: Request) -> Response:
    """`/me`: one's own record."""
    return await _opened(web, request, Invoke(("me",)))


async def status(web: Web, request: Request) -> Response:
    """`/status`: what a coordinator sees."""
    return await _opened(web, request, Invoke(("peer", "status")))


async def status_table(web: Web, request: Request) -> Response:
    """`/status.csv`: the same as a file."""
    return await _read(web, request, Invoke(("peer", "status")), "csv")


async def bulletins(web: Web, request: Request) -> Response:
    """`/bulletins`: every bulletin, for whoever may read them."""
    return await _read(web, request, Invoke(("peer", "bulletins")))


async def bulletin(web: Web, request: Request) -> Response:
    """`/bulletins/{handle}`: one of them; with an ending such as `.csv`, the same as a file."""
    handle, _, ending = str(request.path_params["bulletin"]).partition(".")
    return await _read(web, request, Invoke(("peer", "bulletin", handle)), ending)


async def _read(web: Web, request: Request, made: Gesture, ending: str = "") -> Response:
    """A page that is there for whoever may read it and for nobody else, signed out or not; or one of its files."""
    visit = await arrive(web, request)
    if visit.actor is None:
        return not_open(web, request, visit)
    view = await web.desk.receive(visit.actor, made)
    if not ending:
        return await answer(web, request, visit, view)
    files = view.files if isinstance(view, Done) else ()
    for file in files:
        if file.name.endswith(f".{ending}"):
            named = {
                "content-disposition": f'attachment; filename="{file.name}"',
                "cache-control": "no-store",
            }
            # Without it a spreadsheet takes the table for one in an old encoding, and spoils each accent.
            mark = BYTE_ORDER_MARK if file.media_type == "text/csv" else ""
            return Response(mark + file.text, media_type=file.media_type, headers=named)
    return not_open(web, request, visit)


async def open_form(web: Web, request: Request) -> Response:
    """`GET /f/{form}`: by its entry words, or by a button's token in `t`; with an ending, one of its files."""
    form, _, ending = str(request.path_params["form"]).partition(".")
    token = request.query_params.get("t", "")
    entry = web.entry_words(form)
    if ending:
        made = None if entry is None else Invoke(entry) if entry else Press(form, "")
        visit = await arrive(web, request)
        return not_open(web, request, visit) if made is None else await _read(web, request, made, ending)
    if not token and entry is None:
        return not_open(web, request, await arrive(web, request))
    return await _opened(web, request, Invoke(entry) if entry and not token else Press(form, token))


async def send_form(web: Web, request: Request) -> Response:
    """`POST /f/{form}`: a form sent, or one of its buttons pressed."""
    sent = await browser_session.read(request, browser_session.MOST_READ)
    note_typed(web, request, sent)
    visit = await arrive(web, request)
    if visit.actor is None or not proven(web, visit, sent.csrf):
        if sent.too_long:
            return await too_long_not_sent(web, request, visit, sent)
        return await not_sent(web, request, visit, sent)
    if sent.too_long:
        return await too_long(web, request, visit, sent)
    form = str(request.path_params["form"])
    made: Gesture = gesture(form, sent)
    if sent.looks and not sent.press:
        made = await people_pages.as_sent(web, visit, visit.actor, form, sent)
    return await led_on(web, request, visit, visit.actor, made, sent)


def gesture(form: str, sent: browser_session.SentForm) -> Gesture:
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


async def _section(web: Web, visit: Visitor, view: View, prefix: str) -> Markup:
    return render.draw(view, await form_target_for(web, visit, view, level=2, prefix=prefix))


def _is_shown(view: View) -> bool:
    return not (isinstance(view, Nothing) or (isinstance(view, Done) and view.answer is Answer.REFUSED))


def _calls_for_care(view: View) -> bool:
    """Whether something waits: what has no button has nothing to open, and is said without colour."""
    return isinstance(view, Done) and any(isinstance(block, Button) for block in view.blocks)


UNNAMED_ENTRIES = ("ask", "reply")


async def open_unnamed(web: Web, request: Request) -> Response:
    """`GET /o/{slug}/{form}`: only asking and replying begin here; a token leads on from there."""
    form = str(request.path_params["form"])
    token = request.query_params.get("t", "")
    if token and web.signed_out_limit.refuses(request):
        return trouble(web, request, unknown(web, request), 429, words.OFTEN_TITLE, words.OFTEN_TEXT)
    if not token and form not in UNNAMED_ENTRIES:
        return not_open(web, request, await arrive(web, request, named=False))
    return await _answered_unnamed(web, request, Press(form, token) if token else Invoke((form,)))


async def send_unnamed(web: Web, request: Request) -> Response:
    """`POST /o/{slug}/{form}`: a form sent, or one of its buttons pressed, by nobody in particular.

    Asking has a limit of its own, which a whole workplace behind one address does not reach.
    """
    asks = str(request.path_params["form"]) == UNNAMED_ENTRIES[0]
    sent = await browser_session.read(request, browser_session.MOST_READ)
    note_typed(web, request, sent)
    if (web.ask_limit if asks else web.signed_out_limit).refuses(request):
        return trouble(web, request, unknown(web, request), 429, words.OFTEN_TITLE, words.OFTEN_TEXT)
    visit = await arrive(web, request, named=False)
    if visit.fresh or not proven(web, visit, sent.csrf):
        return not_sent_unnamed(web, request, visit, sent)
    if sent.too_long:
        return await too_long(web, request, visit, sent, unnamed_base(str(request.path_params["slug"])))
    slug = str(request.path_params["slug"])
    made = gesture(str(request.path_params["form"]), sent)
    actor = Actor(Address(Platform.WEB, slug, ""), code_asked(request))
    return await led_on(web, request, visit, actor, made, sent, unnamed_base(slug))


async def _answered_unnamed(web: Web, request: Request, made: Gesture) -> Response:
    slug = str(request.path_params["slug"])
    visit = await arrive(web, request, named=False)
    view = await web.desk.receive(Actor(Address(Platform.WEB, slug, ""), code_asked(request)), made)
    return await answer(web, request, visit, view, base=unnamed_base(slug))
