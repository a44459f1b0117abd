"""Gives back what was typed where nothing was done with it, to whoever typed it alone: in the answer, or at sign-in.

A form says in its field `by`, sealed, for whom its page was drawn. Another member in the same browser is shown nothing
of it: it waits, sealed with a cookie of its own, until whoever typed it is signed in there again.
"""

from __future__ import annotations

import secrets

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from integrations.web import people_pages
from integrations.web.browser_session import (
    SentForm,
    Visitor,
    arrive,
    cookie,
    forget,
    keep,
    proof,
    proof_holds,
    proven,
    read,
    session_cookie,
    unsent_cookie,
    visitor_cookie,
)
from integrations.web.kept_pages import FORMS, HANDLE_BYTES
from integrations.web.page_layout import answer, stale, trouble
from integrations.web.ports import Web
from integrations.web.template_environment import page
from trim_bot.app.seam.gestures import Submit
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.page_again import PageAgain, PageKey, ShownBy
from trim_bot.app.seam.views import Form
from trim_bot.app.words import page_words as words
from trim_bot.app.words import unsent_words

UNSENT = "/unsent"
_OURS = frozenset({"none", "same-origin", ""})


def note_typed(web: Web, request: Request, sent: SentForm) -> None:
    """From here on whatever goes wrong is told with all that was sent, if it comes from a page of this very browser."""
    names = (session_cookie(web.https), visitor_cookie(web.https))
    if any(proof_holds(web.secret, cookie(request, name), sent.csrf) for name in names):
        request.state.typed = (sent.csrf, sent.pairs)


async def too_long(web: Web, request: Request, visit: Visitor, sent: SentForm, base: str = FORMS) -> Response:
    """The form with all that was typed, which is more than can be sent."""
    note = here(words.LARGE_TITLE), here(words.LARGE_TEXT)
    drawn = await _drawn(web, request, visit, sent, base, 413, note)
    return drawn or trouble(web, request, visit, 413, *note)


async def not_sent(web: Web, request: Request, visit: Visitor, sent: SentForm) -> Response:
    """The answer to a form without proof for the session: nothing is done, and nothing typed is lost."""
    typed_by = web.desk.marked(sent.by)
    if visit.actor is not None and typed_by == visit.actor.address:
        note = here(words.STALE_TITLE), here(unsent_words.STALE_CHECK)
        drawn = await _drawn(web, request, visit, sent, FORMS, 403, note)
        if drawn is not None:
            return drawn
        request.state.typed = (proof(web, visit), sent.pairs)
        return stale(web, request, visit)
    if typed_by is None or not sent.token:
        return stale(web, request, visit)
    secret = cookie(request, unsent_cookie(web.https)) or secrets.token_urlsafe(HANDLE_BYTES)
    form = PageAgain(ShownBy.FILL, str(request.path_params["form"]), sent.token, sent.pairs)
    if not await web.desk.keep_unsent(typed_by, form, PageKey(secret, secrets.token_urlsafe(HANDLE_BYTES))):
        return stale(web, request, visit)
    text = unsent_words.UNSENT_TEXT if visit.actor is None else unsent_words.UNSENT_OTHER_TEXT
    response = trouble(web, request, visit, 403, unsent_words.UNSENT_TITLE, text, sign_in=visit.actor is None)
    keep(response, unsent_cookie(web.https), secret, web.https)
    return response


async def too_long_not_sent(web: Web, request: Request, visit: Visitor, sent: SentForm) -> Response:
    """The same for a form that is more than can be sent, where its page says for whom it was drawn; else only that.

    So much is kept only for a browser that brings its cookie along: others are new holders with each form.
    """
    if sent.token and not visit.fresh and web.desk.marked(sent.by) is not None:
        return await not_sent(web, request, visit, sent)
    return trouble(web, request, visit, 413, words.LARGE_TITLE, words.LARGE_TEXT)


def not_sent_unnamed(web: Web, request: Request, visit: Visitor, sent: SentForm) -> Response:
    """The same for somebody signed out; what another site's page sent is given back to nobody."""
    if request.headers.get("sec-fetch-site", "") in _OURS:
        request.state.typed = (proof(web, visit), sent.pairs)
    if sent.too_long:
        return trouble(web, request, visit, 413, words.LARGE_TITLE, words.LARGE_TEXT)
    return stale(web, request, visit)


async def _drawn(
    web: Web,
    request: Request,
    visit: Visitor,
    sent: SentForm,
    base: str,
    status: int,
    note: tuple[str, str],
) -> Response | None:
    """The form again with all that was typed and a note above; None where it cannot be drawn."""
    if visit.actor is None or not sent.token:
        return None
    form = PageAgain(ShownBy.FILL, str(request.path_params["form"]), sent.token, sent.pairs)
    if sent.looks:
        view, people = await people_pages.drawn_again(web, visit, visit.actor, form, sent)
    else:
        view = await web.desk.receive(visit.actor, Submit(form.name, form.token, sent.values, only_draw=True))
        people = None
    if not isinstance(view, Form):
        return None
    return await answer(web, request, visit, view, base, people, status=status, note=note)


async def offered(web: Web, request: Request, visit: Visitor) -> Markup:
    """What waits on the first page for whoever typed it; nothing for anybody else."""
    secret = cookie(request, unsent_cookie(web.https))
    if not secret or visit.actor is None:
        return Markup()
    pages = await web.desk.unsent(visit.actor, secret)
    return page("unsent.html", pages=pages, csrf=proof(web, visit)) if pages else Markup()


async def take(web: Web, request: Request) -> Response:
    """`POST /unsent`: show one of the forms that were not sent, filled; or throw all of them away."""
    visit = await arrive(web, request)
    sent = await read(request)
    if visit.actor is None or not proven(web, visit, sent.csrf):
        return stale(web, request, visit)
    secret = cookie(request, unsent_cookie(web.https))
    wanted = sent.values.get("show", "")
    key = PageKey(visit.session, secrets.token_urlsafe(HANDLE_BYTES))
    if isinstance(wanted, str) and wanted and await web.desk.take_unsent(visit.actor, secret, wanted, key):
        return RedirectResponse(f"/p/{key.handle}", 303)
    response = RedirectResponse("/", 303)
    if wanted == "":
        await web.desk.drop_unsent(visit.actor, secret)
        forget(response, unsent_cookie(web.https), web.https)
    return response
