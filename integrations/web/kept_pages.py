"""Pages of their own, to which a browser is led after whatever it sends: *Back*, *Forward* and *Refresh* do nothing.

Their addresses hold a random handle that says nothing to anybody else: it opens in the browser that was led there,
while its session lasts. What is shown is asked of the desk each time.
"""

from __future__ import annotations

import secrets
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from integrations.web import people_pages
from integrations.web.browser_session import SentForm, Visitor, arrive, read_pairs
from integrations.web.page_layout import answer, trouble
from integrations.web.people_search import PeopleFields
from integrations.web.ports import Web
from integrations.web.reader_language import code_asked
from trim_bot.app.seam.gestures import Actor, Gesture, Press, Submit
from trim_bot.app.seam.page_again import LedOn, PageAgain, PageKey, ShownBy
from trim_bot.app.words import unsent_words
from trim_bot.domain.people import Address, Platform

HANDLE_BYTES = 24
MOST = 100
"""Characters of a handle that are looked at."""
FORMS = "/f/"


def unnamed_base(slug: str) -> str:
    """Where forms of somebody who is signed out are sent."""
    return f"/o/{quote(slug, safe='')}/"


async def led_on(
    web: Web, request: Request, visit: Visitor, actor: Actor, made: Gesture, sent: SentForm, base: str = FORMS
) -> Response:
    """Carry out what was sent, and lead on to its answer; what cannot be shown again is answered here."""
    key = PageKey(visit.binding, secrets.token_urlsafe(HANDLE_BYTES))
    view = await web.desk.lead_on(actor, made, key, _sent_again(request, made, sent))
    return _to(key, base) if isinstance(view, LedOn) else await answer(web, request, visit, view, base)


def _sent_again(request: Request, made: Gesture, sent: SentForm) -> PageAgain:
    """What shows the page of a gesture, where it only shows something or where something is to be mended.

    A button of the form itself, such as one that looks for an answer, brings it back with all that stood in it.
    """
    match made:
        case Submit(name, token):
            return PageAgain(ShownBy.FILL, name, token, sent.pairs)
        case Press(action, token):
            own = action == str(request.path_params.get("form", ""))
            return PageAgain(ShownBy.PRESS, action, token, sent.pairs if own else ())
        case _:
            raise TypeError("nothing else is sent")


def _to(key: PageKey, base: str) -> Response:
    way = "/p/" if base == FORMS else f"{base}p/"
    return RedirectResponse(way + key.handle, 303)


async def open_kept(web: Web, request: Request) -> Response:
    """`GET /p/{handle}`: a page of this session."""
    visit = await arrive(web, request)
    if visit.actor is None:
        return RedirectResponse("/sign-in", 303)
    return await _opened(web, request, visit, visit.actor, visit.actor.address.workspace, FORMS)


async def open_kept_unnamed(web: Web, request: Request) -> Response:
    """`GET /o/{slug}/p/{handle}`: a page of this visitor, who is nobody in particular."""
    visit = await arrive(web, request, named=False)
    slug = str(request.path_params["slug"])
    actor = Actor(Address(Platform.WEB, slug, ""), code_asked(request))
    return await _opened(web, request, visit, actor, slug, unnamed_base(slug))


async def _opened(web: Web, request: Request, visit: Visitor, actor: Actor, slug: str, base: str) -> Response:
    handle = str(request.path_params["handle"])[:MOST]
    kept = await web.desk.kept_page(slug, PageKey(visit.binding, handle))
    if kept is None:
        return trouble(web, request, visit, 404, unsent_words.PAGE_GONE_TITLE, unsent_words.PAGE_GONE_TEXT)
    sent = read_pairs(kept.pairs)
    people: PeopleFields | None
    if kept.by is not ShownBy.PRESS and sent.looks:
        view, people = await people_pages.drawn_again(web, visit, actor, kept, sent)
    else:
        view = people_pages.to_mend(kept, await web.desk.receive(actor, shown_by(kept, sent)))
        people = await people_pages.as_typed(web, visit, actor, sent)
    return await answer(web, request, visit, view, base, people)


def shown_by(kept: PageAgain, sent: SentForm) -> Gesture:
    """The gesture that shows a page again."""
    if kept.by is ShownBy.PRESS:
        return Press(kept.name, kept.token, sent.values)
    return Submit(kept.name, kept.token, sent.values, only_draw=kept.by is ShownBy.FILL)
