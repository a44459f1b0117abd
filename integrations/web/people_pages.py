"""Forms that name people, as they are sent: each look at the list is counted, and nothing of it is written down."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from integrations.web.blocks import Ids
from integrations.web.browser_session import BadPost, SentForm, Visitor, arrive, proven, read
from integrations.web.page_layout import not_open
from integrations.web.people_fields import found_part, picked_part
from integrations.web.people_search import (
    NameRow,
    PeopleFields,
    Resolved,
    emptied,
    is_a_look,
    names_looked_for,
    resolve,
)
from integrations.web.ports import Web
from integrations.web.template_environment import part
from trim_bot.app.seam.gestures import Actor, Submit
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.page_again import PageAgain, ShownBy
from trim_bot.app.seam.views import FieldErrors, Form, PeopleInput, PersonInput, View
from trim_bot.app.words import page_words as words
from trim_bot.domain.name_search import PeopleChoice


async def as_sent(web: Web, visit: Visitor, actor: Actor, form: str, sent: SentForm) -> Submit:
    """A form with people in it as the desk is given it: to be carried out, or to be drawn again with whom was found."""
    if is_a_look(sent):
        return Submit(form, sent.token, sent.values, only_draw=True)
    resolved = await _resolved(web, visit, actor, sent)
    return Submit(form, sent.token, resolved.values(sent.values))


async def drawn_again(
    web: Web, visit: Visitor, actor: Actor, kept: PageAgain, sent: SentForm
) -> tuple[View, PeopleFields]:
    """The form with all that was typed, what is to be mended, and who was found; nothing is done."""
    resolved = await _resolved(web, visit, actor, sent)
    values = {**sent.values, **resolved.picked} if is_a_look(sent) else resolved.values(sent.values)
    view = await web.desk.receive(actor, Submit(kept.name, kept.token, values, only_draw=True))
    people = emptied(resolved.fields, sent.find) if sent.find else resolved.fields
    return resolved.told(to_mend(kept, view)), people


def to_mend(kept: PageAgain, view: View) -> View:
    """The view with what is to be mended. A form keeps the token it was sent with, so that it is never done twice."""
    if kept.by is not ShownBy.FILL or not isinstance(view, Form) or view.name != kept.name:
        return view
    form = replace(view, token=kept.token)
    return FieldErrors(form, kept.errors) if kept.errors else form


async def _resolved(web: Web, visit: Visitor, actor: Actor, sent: SentForm) -> Resolved:
    choice = await web.desk.people_to_choose(actor) or PeopleChoice()
    return resolve(choice, sent, held=_is_held(web, visit, sent))


async def as_typed(web: Web, visit: Visitor, actor: Actor, sent: SentForm) -> PeopleFields | None:
    """What stood in the boxes of a form that comes back by a button of its own; None where nothing did."""
    if not any(look.typed for look in sent.looks.values()):
        return None
    choice = await web.desk.people_to_choose(actor) or PeopleChoice()
    held = _is_held(web, visit, sent)
    return replace(resolve(choice, sent, typing=True, held=held).fields, looked=False)


def _is_held(web: Web, visit: Visitor, sent: SentForm) -> bool:
    """Count each name that is looked for; whether this session has looked for as many as it may."""
    return any(web.look_limit.too_often(visit.session) for _ in range(names_looked_for(sent)))


async def find(web: Web, request: Request) -> Response:
    """`POST /find-people`: the parts of one field anew, for the script; for those alone whose forms name people."""
    visit = await arrive(web, request)
    sent = await read(request)
    if visit.actor is None or not proven(web, visit, sent.csrf):
        return not_open(web, request, visit)
    choice = await web.desk.people_to_choose(visit.actor)
    if choice is None:
        return not_open(web, request, visit)
    if len(sent.looks) != 1:
        raise BadPost(400)
    held = web.look_limit.too_often(visit.session)
    [(name, look)] = sent.looks.items()
    resolved = resolve(choice, replace(sent, looks={name: look}), typing=True, held=held)
    given = resolved.picked[name]
    chosen = given if isinstance(given, tuple) else (given,) if isinstance(given, str) and given else ()
    row = next(iter(resolved.fields.rows.get(name, ())), NameRow(said=here(words.picked(len(chosen)))))
    field = PeopleInput(name, "") if look.several else PersonInput(name, "")
    html = part(
        "people.html",
        "parts",
        picked=picked_part(name, chosen, resolved.fields),
        said=here(words.picked(len(chosen))) if sent.drop else row.said,
        found=found_part(field, Ids("find").give(name), 1, row),
    )
    return HTMLResponse(html, 429 if held else 200)
