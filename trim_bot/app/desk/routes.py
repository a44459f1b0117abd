"""Gathers what each form, button and word leads to, from one list of subjects; a name given twice fails here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TypeVar, assert_never

from trim_bot.app.auditing import routes as auditing
from trim_bot.app.bulletins import routes as bulletins
from trim_bot.app.cases import routes as cases
from trim_bot.app.chats import routes as chats
from trim_bot.app.event_room import routes as event_room
from trim_bot.app.events import routes as events
from trim_bot.app.handouts import routes as handouts
from trim_bot.app.handover import routes as handover
from trim_bot.app.interviews import routes as interviews
from trim_bot.app.oversight import routes as oversight
from trim_bot.app.oversight.commands import OpenHelp
from trim_bot.app.own import routes as own
from trim_bot.app.referrals import routes as referrals
from trim_bot.app.requests import routes as requests
from trim_bot.app.safety import routes as safety
from trim_bot.app.seam.command import Command
from trim_bot.app.seam.gestures import Gesture, Invoke, Press, Submit
from trim_bot.app.seam.route import AnyRule, OutcomeScreen, Route, Rule, always, unasked
from trim_bot.app.seam.work import StepRule
from trim_bot.app.setting_up import routes as setting_up
from trim_bot.app.signing import routes as signing
from trim_bot.app.words.adapter_words import WORK
from trim_bot.domain.people import Role
from trim_bot.domain.records import Action, AnyMeasure, Measure
from trim_bot.domain.steps import AnyStepKind, StepKind

T = TypeVar("T")

SUBJECTS = (
    events,
    event_room,
    cases,
    handover,
    requests,
    interviews,
    safety,
    referrals,
    own,
    bulletins,
    chats,
    handouts,
    setting_up,
    signing,
    auditing,
    oversight,
)
"""Every subject; a new one is one word here."""


def gathered(found: Iterable[tuple[str, T]]) -> Mapping[str, T]:
    """All of them by name. Raises ValueError for a name that stands twice."""
    by_name: dict[str, T] = {}
    for name, one in found:
        if name in by_name:
            raise ValueError(f"two subjects have {name}")
        by_name[name] = one
    return by_name


ROUTES: Mapping[str, Route] = gathered((route.name, route) for one in SUBJECTS for route in one.ROUTES)

OUTCOMES: Mapping[str, OutcomeScreen] = gathered(pair for one in SUBJECTS for pair in one.OUTCOMES.items())
"""Plain screens that follow a change, by name, so that a replay can be drawn again from its ids alone."""

_BY_KIND = gathered((rule.kind.value, rule) for one in SUBJECTS for rule in one.STEPS)
STEPS: Mapping[AnyStepKind, StepRule] = {kind: _BY_KIND[kind.value] for kind in StepKind} | {
    rule.kind: rule for rule in _BY_KIND.values()
}
"""What is particular to each kind of step. A kind that two subjects have, or none, fails here."""

MEASURES: tuple[AnyMeasure, ...] = tuple(
    gathered(
        (one.value, one) for one in (*Measure, *chain.from_iterable(one.MEASURES for one in SUBJECTS))
    ).values()
)
"""Everything that is counted: what may be shown, and what a subject counts for itself."""

RECORD_RULES = tuple(gathered((rule.table, rule) for one in SUBJECTS for rule in one.RECORDS).values())
"""How each record of a subject's own is kept and when it goes. The store makes its tables and erasures from these."""

RULES: Mapping[type[Command], AnyRule] = {
    command: route.rule
    for route in ROUTES.values()
    for command in (route.shows, route.does)
    if command is not None
} | {
    # The help screen needs no store, so the desk answers it before any route is looked up.
    OpenHelp: Rule(frozenset[Role](), always, unasked)
}
"""Who may make each command, read off the lines of the routes."""

FIRST_PAGE = ("cases", "status", "team", "me")
"""What `peer` alone may open: the first of these that the asker's roles allow."""


def _words() -> dict[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], tuple[str, ...]] = {(WORK,): FIRST_PAGE}
    for route in ROUTES.values():
        for text in route.words:
            words = tuple(text.split())
            found[words] = (*found.get(words, ()), route.name)
    return found


WORDS: Mapping[tuple[str, ...], tuple[str, ...]] = _words()
"""What can be typed or opened, and the routes it may lead to: the first that the asker's roles allow."""

SUPPORT = ("support",)
"""Whoever types this gets the form, whatever they typed after it."""
HELP = ("peer", "help")
"""What leads to the short help."""

WITHOUT_TOKEN = frozenset(route.name for route in ROUTES.values() if route.to_all)
"""What a button without a token may open: pages that are about whoever presses."""


URGENT = frozenset({"open", "support", "ask"}).union(route.name for route in safety.ROUTES) - {"after_call"}
"""What goes on however much was opened in the last hour: asking for help, calls for safety, and what a message says."""
OPEN_IN_DOUBT = URGENT
"""What goes on while the journal is not whole: the same, and no further than these by anything that they lead to."""

OF_ONESELF = frozenset(
    {"log", "offer", "offer_yes", "offer_other", "offer_later", "offer_no"}
    | {"reply", "stop_request", "withdraw_request", "withdraw", "someone_else"}
).union(route.name for subject in (own, chats) for route in subject.ROUTES if not route.rule.roles)
"""What nobody reads on and on by, and what goes on as well: answers to what the desk asked, entering what happened, and
what somebody sees and decides of themselves. Each names the asker's own things alone, or what they have typed."""


def entry_words(name: str) -> tuple[str, ...] | None:
    """The words that open a form by its name in the browser; none where its name is enough, and None for a token."""
    if (name,) in WORDS:
        return (name,)
    return ("peer", name) if ("peer", name) in WORDS else () if name in WITHOUT_TOKEN else None


def opens(name: str) -> bool:
    """Whether pressing what has this name only shows something; False for what changes something or is unknown."""
    route = ROUTES.get(name)
    return route is not None and route.shows is not None


_AFTER = "after"


def after(route: str, screen: str) -> str:
    """The name under which a plain screen that followed a change is shown again; no screen: that it was kept."""
    return f"{_AFTER}.{route}.{screen}"


def followed(name: str) -> tuple[Route, str] | None:
    """The route whose change a screen followed, and the screen; None for a name that `after` did not make."""
    first, _, rest = name.partition(".")
    route, _, screen = rest.partition(".")
    return (ROUTES[route], screen) if first == _AFTER and route in ROUTES else None


def only_looks(name: str) -> bool:
    """Whether sending a form by this name only looks something up."""
    route = ROUTES.get(name)
    return route is not None and route.does is not None and route.journal is Action.SHOWED


def asks_for_change(gesture: Gesture) -> bool:
    """Whether a gesture asks for something to be done, and does not only open a page or form."""
    match gesture:
        case Invoke():
            return False
        case Press(action, _, _):
            return not opens(action) and followed(action) is None
        case Submit(only_draw=only_draw):
            return not only_draw
        case _:
            assert_never(gesture)
