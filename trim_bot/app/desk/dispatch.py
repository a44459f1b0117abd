"""Carries out one call inside one transaction: authorise, check the form, act once, journal, answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from trim_bot.app.cases.replanning import keep_awake
from trim_bot.app.desk.calls import Call, Wish
from trim_bot.app.desk.routes import OUTCOMES, ROUTES
from trim_bot.app.desk.signing import reference, signed
from trim_bot.app.people.capacity import note_staffing
from trim_bot.app.seam.reading import Typed, read_form
from trim_bot.app.seam.route import Result, Route, check_relation, check_role
from trim_bot.app.seam.views import FieldErrors, Form, View
from trim_bot.app.seam.work import Next, Outcome, Undo, Work
from trim_bot.app.words import common_answers as answers
from trim_bot.domain.errors import Invalid, NotOpen
from trim_bot.domain.people import Member
from trim_bot.domain.records import Action, StoredOutcome


def carry_out(work: Work, call: Call) -> View:
    """The answer to a call. Raises NotOpen when refused, Undo when nothing may be kept."""
    match call.wish:
        case Wish.SHOW:
            return show(work, _allowed(work, call.routes), call.refs)
        case Wish.PRESS | Wish.SEND:
            return _change(work, call)
        case _:
            assert_never(call.wish)


def show(work: Work, route: Route, refs: Mapping[str, str]) -> View:
    """Open something, journalling it where it reads content."""
    if route.show is None:
        raise NotOpen("route")
    check_role(work, route.rule)
    check_relation(work, route.rule, refs)
    if route.reads:
        work.journal(Action.SHOWED, route.name)
    return _finish(work, route.show(work, refs, {}))


def refuse(work: Work, reason: str) -> View:
    """Journal a refusal; the caller shows that nothing is open here."""
    work.journal(Action.REFUSED, reason)
    return answers.not_open()


def tell_shown(work: Work, call: Call, view: View) -> View:
    """Journal that a form came back with the content it shows; the change it asked for was undone.

    Raises NotOpen where it is not open to the asker any more: then nothing is shown.
    """
    route = call.routes[0]
    if route.shows is None:
        raise NotOpen("route")
    check_role(work, route.rule)
    check_relation(work, route.rule, call.refs)
    work.journal(Action.SHOWED, route.name)
    return view


def _allowed(work: Work, routes: tuple[Route, ...]) -> Route:
    signed_out = work.who.member is None
    for route in routes:
        if route.shows is not None and route.rule.admits(work.who.roles, signed_out=signed_out):
            return route
    raise NotOpen("role")


def _change(work: Work, call: Call) -> View:
    route = call.routes[0]
    if route.do is None:
        raise NotOpen("route")
    check_role(work, route.rule)
    work.nonce = call.nonce
    key = work.tx.keyed("outcome", f"{work.who.address.text} {call.nonce}") if call.nonce else ""
    stored = work.tx.get(StoredOutcome, key) if key else None
    if stored is not None:
        return _draw(work, stored.screen, stored.ids)
    check_relation(work, route.rule, call.refs)
    form, typed = _typed(work, route, call)
    arguments: Mapping[str, object] = {route.gather: typed} if route.gather else typed
    try:
        result = route.do(work, call.refs, arguments)
    except Invalid as invalid:
        if form is None:
            raise Undo(answers.mend(invalid.errors)) from None
        raise Undo(FieldErrors(form.filled(call.values), invalid.errors), reads=route.reads) from None
    if work.placed is not None:
        note_staffing(work.tx, work.now)
        touched = work.tx.get(Member, work.placed)
        if touched is not None:
            work.about(touched)
    work.journal(route.journal, route.name)
    if work.subject is not None:
        keep_awake(work, work.subject.id)
    if isinstance(result, Next) and key:
        screen, ids = _named(result)
        work.tx.add(StoredOutcome(key, screen, dict(ids), work.real))
    try:
        return _finish(work, result)
    except NotOpen:
        # The change itself ended what entitled them to see more: it stands, and they are told so.
        return answers.kept()


def _typed(work: Work, route: Route, call: Call) -> tuple[Form | None, Mapping[str, Typed]]:
    """The form as it stands and its values, checked; a button's values are taken as they are."""
    if call.wish is Wish.PRESS:
        return None, call.values if route.gather else {}
    if route.show is None:
        raise NotOpen("route")
    check_relation(work, route.rule, call.refs)
    drawn = route.show(work, call.refs, {})
    if isinstance(drawn, Next):
        raise NotOpen("form")
    form = signed(drawn, work.sign)
    if not isinstance(form, Form):
        raise Undo(form, reads=route.reads)
    typed, faults = read_form(form, call.values)
    if faults:
        raise Undo(FieldErrors(form.filled(call.values), faults), reads=route.reads)
    if route.reads:
        work.journal(Action.SHOWED, route.name)
    return form, typed


def _finish(work: Work, result: Result) -> View:
    if isinstance(result, Next):
        return _draw(work, *_named(result))
    return signed(result, work.sign)


def _named(led_to: Next) -> tuple[str, Mapping[str, str]]:
    """What a change led to, by name and ids, as it is kept for replays."""
    return (led_to.screen, led_to.ids) if isinstance(led_to, Outcome) else reference(led_to)


def _draw(work: Work, screen: str, ids: Mapping[str, str]) -> View:
    """Draw what a change led to: a form or page authorised and journalled afresh, a plain screen from its ids."""
    if screen in OUTCOMES:
        return signed(OUTCOMES[screen](work, ids), work.sign)
    return show(work, ROUTES[screen], ids)
