"""Leads a browser on to a page of its own: what shows the answer to a change is kept for it, and drawn when it asks.

So a change is not drawn twice, and whatever is shown by it is authorised and journalled when it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from trim_bot.app.desk.routes import OPEN_IN_DOUBT, OUTCOMES, ROUTES, after, followed
from trim_bot.app.desk.way_through import (
    Allowed,
    Call,
    Wish,
    allow,
    carry_out,
    do,
    draw,
    fill,
    journal,
    led_to,
    named,
    tell_shown,
)
from trim_bot.app.people.kept_pages import keep_page
from trim_bot.app.seam.in_language import in_language
from trim_bot.app.seam.languages import Language
from trim_bot.app.seam.page_again import LedOn, PageAgain, PageKey, ShownBy
from trim_bot.app.seam.ports import Tokens
from trim_bot.app.seam.views import FieldErrors, Form, View
from trim_bot.app.seam.work import Next, Undo, UnitOfWork
from trim_bot.app.words import common_answers as answers
from trim_bot.domain.errors import JournalInDoubt, NotOpen
from trim_bot.domain.ids import SessionId
from trim_bot.domain.people import Member
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action, Session


@dataclass(frozen=True, slots=True)
class WayOn:
    """Where a browser is led on to, and the form it sent, which it is led to again when something is to be mended."""

    key: PageKey
    tokens: Tokens
    sent: PageAgain

    def keeps(self, work: UnitOfWork, page: PageAgain) -> bool:
        """Keep a page; whether this browser will be able to come to it."""
        me = work.who.member
        if me is not None:
            now = work.tx.get(Member, me.id)
            if now is None or now.left or work.tx.get(Session, SessionId(self.key.holder)) is None:
                # The change took them, or their session, out of the desk: they are told so while they are there.
                return False
        return keep_page(work.tx, self.tokens, self.key, me.id if me is not None else "", page, work.real)


def carried_out(work: UnitOfWork, call: Call, way: WayOn | None) -> View:
    """Carry a call out, and draw the answer; with a way on, that is kept for when the browser asks: then `LedOn`.

    Raises NotOpen when refused, Undo when nothing may be kept.
    """
    if call.followed is not None:
        return _once_more(work, call, call.followed)
    if way is None:
        return carry_out(work, call)
    allowed = allow(work, call)
    if allowed.stored is not None:
        screen, ids = allowed.stored.screen, allowed.stored.ids
    else:
        carried = journal(work, do(work, fill(work, allowed)))
        if not isinstance(carried.result, Next):
            return draw(work, carried)
        screen, ids = named(carried.result)
    if way.keeps(work, _page_of(work, way, allowed, screen, ids)):
        return LedOn()
    try:
        return led_to(work, screen, ids)
    except NotOpen:
        return answers.kept()


def carried_out_in(language: Language, work: UnitOfWork, call: Call, way: WayOn | None) -> View:
    """The same, as its reader reads it. Raises the same."""
    try:
        return in_language(carried_out(work, call, way), language)
    except Undo as undo:
        raise Undo(in_language(undo.view, language), reads=undo.reads) from None


def undone(work: UnitOfWork, call: Call, undo: Undo, way: WayOn | None) -> View:
    """What is shown of a call of which nothing was kept: the form with what to mend is a page of its own, too.

    Raises NotOpen where it is not open to the asker any more.
    """
    view = undo.view
    if way is not None and way.sent.by is ShownBy.FILL and isinstance(view, FieldErrors | Form):
        form, errors = (view.form, view.errors) if isinstance(view, FieldErrors) else (view, {})
        again = replace(way.sent, token=_same_once(work, way, form, call), errors=errors)
        if way.keeps(work, again):
            return LedOn()
    return tell_shown(work, call, view) if undo.reads else view


def _same_once(work: UnitOfWork, way: WayOn, form: Form, call: Call) -> str:
    """The token of a form that comes back: of what it shows now, and used up together with the one that was sent."""
    refs = way.tokens.read(form.token, work.real).refs
    until = work.real + POLICY.form_lasts
    return way.tokens.sign(work.organisation, form.name, refs, nonce=call.nonce, expires_at=until)


def _once_more(work: UnitOfWork, call: Call, screen: str) -> View:
    """A plain screen that a change led to, drawn again. Raises NotOpen for those who could not make the change now.

    Raises JournalInDoubt as `allow` does.
    """
    [route] = call.routes
    if work.tx.in_doubt and route.name not in OPEN_IN_DOUBT:
        raise JournalInDoubt
    if not route.rule.admits(work.who.roles, signed_out=work.who.member is None):
        raise NotOpen("role")
    # A reply code is derived from what the form was signed with, and has to be the one that was kept.
    work.nonce = call.nonce
    if not screen:
        return answers.kept()
    view = led_to(work, screen, call.refs)
    if route.reads and screen in OUTCOMES and work.subject is not None:
        # It may say again whose record it is, so that is told like any other look at it.
        work.journal(Action.SHOWED, route.name)
    return view


def _page_of(
    work: UnitOfWork, way: WayOn, allowed: Allowed, screen: str, ids: Mapping[str, str]
) -> PageAgain:
    """What shows that which a change led to; asked of whoever may see it, and not drawn yet."""
    if screen in OUTCOMES:
        name = after(allowed.route.name, screen)
    else:
        name = screen
        try:
            allow(work, Call(Wish.SHOW, (ROUTES[screen],), ids))
        except NotOpen:
            # The change itself ended what entitled them to see more: it stands, and they are told so.
            name, ids = after(allowed.route.name, ""), {}
    if followed(name) is None:
        return PageAgain(ShownBy.PRESS, name, work.sign.press(name, **ids))
    nonce, until = allowed.call.nonce or None, work.real + POLICY.form_lasts
    token = way.tokens.sign(work.organisation, name, ids, nonce=nonce, expires_at=until)
    return PageAgain(ShownBy.PRESS, name, token)
