"""The one way through, in one file so that it reads from top to bottom: read, meet, allow, fill, do, journal, draw.

`read` needs no store. What follows it happens in one transaction, each stage given what the one before it found, and
may run twice: it has no effect but through `work.tx`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import assert_never

from trim_bot.app.cases.replanning import keep_awake
from trim_bot.app.desk.routes import (
    HELP,
    OPEN_IN_DOUBT,
    OUTCOMES,
    ROUTES,
    SUPPORT,
    WITHOUT_TOKEN,
    WORDS,
    followed,
)
from trim_bot.app.desk.signing import reference, signed
from trim_bot.app.people.eligible import note_staffing
from trim_bot.app.people.meeting import meet_asker
from trim_bot.app.seam.gestures import Gesture, Invoke, Press, Submit, Values
from trim_bot.app.seam.narrowing import is_finding, looks_first, narrowed
from trim_bot.app.seam.ports import TokenLike, Tokens, Tx
from trim_bot.app.seam.reading import read_form
from trim_bot.app.seam.route import Result, Route
from trim_bot.app.seam.views import FieldErrors, Form, View
from trim_bot.app.seam.work import Asker, LookFirst, Next, Outcome, Undo, UnitOfWork
from trim_bot.app.words import common_answers as answers
from trim_bot.domain.errors import Invalid, JournalInDoubt, NotOpen, SafeError
from trim_bot.domain.people import Address, Member, Profile
from trim_bot.domain.records import Action, StoredOutcome


def carry_out(work: UnitOfWork, call: Call) -> View:
    """All that follows reading and meeting. Raises NotOpen when refused, Undo when nothing may be kept."""
    allowed = allow(work, call)
    if allowed.stored is not None:
        return led_to(work, allowed.stored.screen, allowed.stored.ids)
    return draw(work, journal(work, do(work, fill(work, allowed))))


# Read: a gesture becomes a call of one route.


class UnknownWords(Exception):
    """Nothing is known under these words."""


class Wish(Enum):
    """What a call asks of its route."""

    SHOW = "show"
    """To open it."""
    PRESS = "press"
    """To do what a button does."""
    SEND = "send"
    """To send a filled form."""
    REDRAW = "redraw"
    """To see a form again with what was typed, and to do nothing."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the desk. `routes` holds more than one only for words, where the asker's roles decide."""

    wish: Wish
    routes: tuple[Route, ...]
    refs: Mapping[str, str] = field(default_factory=dict)
    nonce: str = ""
    values: Values = field(default_factory=dict, repr=False)
    followed: str | None = None
    """The plain screen that the change of `routes` led to, to be drawn once more; empty where it only was kept."""

    def people(self) -> Iterator[Address]:
        """Addresses in the fields that take people; what cannot be read is left for the form to say."""
        for name in self.routes[0].people if self.wish is Wish.SEND else ():
            value = self.values.get(name, ())
            for text in (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ():
                try:
                    yield Address.parse(text)
                except ValueError:
                    continue


def read(gesture: Gesture, tokens: Tokens, organisation: str, real: datetime) -> Call:
    """The call a gesture makes.

    Raises UnknownWords for words nobody knows, and NotOpen for a token that is forged, expired, or made for another
    form, button or organisation.
    """
    match gesture:
        case Invoke(words):
            known = known_words(words)
            if known not in WORDS:
                raise UnknownWords
            routes = tuple(ROUTES[name] for name in WORDS[known])
            takes, rest = routes[0].takes, words[len(known) :]
            return Call(Wish.SHOW, routes, {takes: rest[0]} if takes and rest else {})
        case Press(action, "", _):
            if action not in WITHOUT_TOKEN:
                raise NotOpen("token")
            return Call(Wish.SHOW, (ROUTES[action],))
        case Press(action, token, _) if (once := followed(action)) is not None:
            held = _token(tokens, token, organisation, action, real)
            return Call(Wish.SHOW, (once[0],), held.refs, held.nonce or "", followed=once[1])
        case Press(action, token, values):
            held = _token(tokens, token, organisation, action, real)
            route = ROUTES[action]
            wish = Wish.SHOW if route.shows is not None else Wish.PRESS
            return Call(wish, (route,), held.refs, held.nonce or "", values)
        case Submit(name, token, values, only_draw):
            held = _token(tokens, token, organisation, name, real)
            if ROUTES[name].shows is None or ROUTES[name].does is None or not held.nonce:
                raise NotOpen("token")
            wish = Wish.REDRAW if only_draw else Wish.SEND
            return Call(wish, (ROUTES[name],), held.refs, held.nonce, values)
        case _:
            assert_never(gesture)


def known_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """What the desk makes of typed words: those of them it knows, so that nothing else need be kept; else help."""
    for some in (words, words[:2]):
        if some in WORDS:
            return some
    return SUPPORT if words[:1] == SUPPORT else HELP


def _token(tokens: Tokens, text: str, organisation: str, name: str, real: datetime) -> TokenLike:
    try:
        held = tokens.read(text, real)
    except SafeError:
        raise NotOpen("token") from None
    if held.org != organisation or held.name != name or not (name in ROUTES or followed(name)):
        raise NotOpen("token")
    return held


# Meet: whoever asks for the first time becomes known, as everybody else is, also when they are refused.


def meet(tx: Tx, address: Address, vouched: Profile | None, now: datetime) -> Asker:
    """Who asks. Somebody of whom the platform tells (`vouched`) is entered with the welcome that everybody gets."""
    return meet_asker(tx, address, vouched, now)


# Allow: role and relationship, once. The subject is named for the journal.


@dataclass(frozen=True, slots=True)
class Allowed:
    """A call that is open to whoever made it."""

    call: Call
    route: Route
    key: str = ""
    """Under which its outcome is stored for replays, if it has any."""
    stored: StoredOutcome | None = None
    """What it led to when it was made before: that is drawn again, and nothing is done."""


def allow(work: UnitOfWork, call: Call) -> Allowed:
    """The route of a call, where the asker's role and relationship open it. Raises NotOpen where they do not.

    Raises JournalInDoubt for all but help, asking and safety while the journal is not whole.
    """
    if work.tx.in_doubt and not any(route.name in OPEN_IN_DOUBT for route in call.routes):
        raise JournalInDoubt
    route = _admitting(work, call)
    if call.wish is Wish.SHOW:
        route.ask(work, call.refs, {})
        return Allowed(call, route)
    work.nonce = call.nonce
    key = work.tx.keyed("outcome", f"{work.who.address.text} {call.nonce}") if call.nonce else ""
    stored = work.tx.get(StoredOutcome, key) if key else None
    if stored is None:
        route.ask(work, call.refs, _beside(call, route))
    # What a replay leads to is authorised by itself: the change may have ended what entitled them to make it.
    return Allowed(call, route, key, stored)


def _beside(call: Call, route: Route) -> Mapping[str, object]:
    """What stood in the fields beside a button, where its command takes it."""
    return {route.gather: call.values} if call.wish is Wish.PRESS and route.gather else {}


def _admitting(work: UnitOfWork, call: Call) -> Route:
    """The first route of a call that has what is asked of it and is open to the asker's roles."""
    signed_out = work.who.member is None
    for route in call.routes:
        asked = route.show if call.wish is Wish.SHOW else route.do
        if asked is not None and route.rule.admits(work.who.roles, signed_out=signed_out):
            return route
    raise NotOpen("role")


# Fill: a form is drawn once more, and what was typed is checked against it.


@dataclass(frozen=True, slots=True)
class Filled:
    """A call with the arguments of its command; `form` is the one they were typed into."""

    allowed: Allowed
    typed: Mapping[str, object]
    form: Form | None = None


def fill(work: UnitOfWork, allowed: Allowed) -> Filled:
    """What was typed, checked; a button's values are taken as they are. Raises Undo with what must be mended."""
    call, route = allowed.call, allowed.route
    match call.wish:
        case Wish.SHOW:
            return Filled(allowed, {})
        case Wish.PRESS:
            return Filled(allowed, _beside(call, route))
        case Wish.SEND | Wish.REDRAW:
            return _typed(work, allowed)
        case _:
            assert_never(call.wish)


def _typed(work: UnitOfWork, allowed: Allowed) -> Filled:
    call, route = allowed.call, allowed.route
    if route.show is None:
        raise NotOpen("route")
    drawn = route.show(work, call.refs, {})
    if isinstance(drawn, Next):
        raise NotOpen("form")
    form = signed(drawn, work.sign)
    if not isinstance(form, Form):
        raise Undo(form, reads=route.reads)
    looks = looks_first(form, call.values)
    typed, faults = read_form(form, call.values)
    if call.wish is Wish.REDRAW and not looks and not faults:
        form = _as_looked_at(work, allowed, form, typed)
    if call.wish is Wish.REDRAW or looks:
        raise Undo(narrowed(form.filled(call.values), call.values), reads=route.reads)
    if faults:
        raise Undo(_to_mend(form, faults, call.values), reads=route.reads)
    if route.reads:
        work.journal(Action.SHOWED, route.name)
    return Filled(allowed, _gathered(route, typed), form)


def _as_looked_at(work: UnitOfWork, allowed: Allowed, form: Form, typed: Mapping[str, object]) -> Form:
    """A form that comes back, with what its sender was shown of what they typed, where they were."""
    if allowed.route.again is None:
        return form
    again = allowed.route.again(work, allowed.call.refs, _gathered(allowed.route, typed))
    drawn = signed(again, work.sign) if again is not None else form
    return drawn if isinstance(drawn, Form) else form


def _gathered(route: Route, typed: Mapping[str, object]) -> Mapping[str, object]:
    """What was typed, as the fields of the command."""
    return {route.gather: typed} if route.gather else typed


# Do: the handler of the change.


@dataclass(frozen=True, slots=True)
class Carried:
    """A call that was carried out: what it led to, or else what it asked to be shown."""

    allowed: Allowed
    result: Result | None
    shown: Result | None = None


def do(work: UnitOfWork, filled: Filled) -> Carried:
    """Make the change a call asks for, or find what it asks to see. Raises Undo with what must be mended."""
    call, route = filled.allowed.call, filled.allowed.route
    if call.wish is Wish.SHOW or route.do is None:
        if route.show is None:
            raise NotOpen("route")
        return Carried(filled.allowed, None, route.show(work, call.refs, {}))
    try:
        return Carried(filled.allowed, route.do(work, call.refs, filled.typed))
    except LookFirst as look:
        shown = signed(look.form, work.sign)
        if not isinstance(shown, Form):
            raise NotOpen("form") from None
        raise Undo(narrowed(shown.filled(call.values), call.values), reads=route.reads) from None
    except Invalid as invalid:
        if filled.form is None:
            raise Undo(answers.mend(invalid.errors)) from None
        raise Undo(_to_mend(filled.form, invalid.errors, call.values), reads=route.reads) from None


def _to_mend(form: Form, faults: Mapping[str, str], typed: Values) -> View:
    return narrowed(FieldErrors(form.filled(typed), faults), typed)


# Journal: the row about it, what follows from it elsewhere, and what a replay will be answered with.


def journal(work: UnitOfWork, carried: Carried) -> Carried:
    """Write down what was done, or what is about to be shown; gives on what it was given."""
    route, result = carried.allowed.route, carried.result
    if result is None:
        if route.reads:
            work.journal(Action.SHOWED, _with_listed(work, route))
        return carried
    if work.placed is not None:
        note_staffing(work.tx, work.now)
        touched = work.tx.get(Member, work.placed)
        if touched is not None:
            work.about(touched)
    work.journal(route.journal, _with_listed(work, route))
    if work.subject is not None:
        keep_awake(work, work.subject.id)
    if isinstance(result, Next) and carried.allowed.key:
        screen, ids = named(result)
        work.tx.add(StoredOutcome(carried.allowed.key, screen, dict(ids), work.real))
    return carried


def _with_listed(work: UnitOfWork, route: Route) -> str:
    """What is told to have been opened: of a list, which records this page of it held."""
    return " ".join((route.name, *work.listed))


def refuse(work: UnitOfWork, reason: str) -> View:
    """Journal a refusal; the caller shows that nothing is open here."""
    work.journal(Action.REFUSED, reason)
    return answers.not_open()


def tell_shown(work: UnitOfWork, call: Call, view: View) -> View:
    """Journal that a form came back with the content it shows; the change it asked for was undone.

    Raises NotOpen where it is not open to the asker any more: then nothing is shown.
    """
    allowed = allow(work, Call(Wish.SHOW, call.routes[:1], call.refs))
    work.journal(Action.SHOWED, allowed.route.name)
    return view


# Draw: what is shown, or what the change led to, signed.


def draw(work: UnitOfWork, carried: Carried) -> View:
    """The view that goes out. Raises NotOpen for a page that cannot be shown."""
    result = carried.result
    if carried.shown is not None:
        return _drawn(work, carried.shown, carried.allowed.call.values)
    if result is None:
        raise NotOpen("route")
    try:
        return _drawn(work, result, {})
    except NotOpen:
        # The change itself ended what entitled them to see more: it stands, and they are told so.
        return answers.kept()


def _drawn(work: UnitOfWork, result: Result, beside: Values) -> View:
    """The view; `beside` is what stood in the fields beside the button that opened it."""
    if isinstance(result, Next):
        return led_to(work, *named(result))
    view = signed(result, work.sign)
    if isinstance(view, Form) and is_finding(view, beside):
        return narrowed(view.filled(beside), beside)
    return narrowed(view, {})


def named(led_to: Next) -> tuple[str, Mapping[str, str]]:
    """What a change led to, by name and ids, as it is kept for replays."""
    return (led_to.screen, led_to.ids) if isinstance(led_to, Outcome) else reference(led_to)


def led_to(work: UnitOfWork, screen: str, ids: Mapping[str, str]) -> View:
    """What a change led to: a form or page goes the same way by itself, a plain screen is drawn from its ids."""
    if screen in OUTCOMES:
        return narrowed(signed(OUTCOMES[screen](work, ids), work.sign), {})
    return carry_out(work, Call(Wish.SHOW, (ROUTES[screen],), ids))
