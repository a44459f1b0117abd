"""What one line of the table of routes says: a page to read, a form to fill in, or a button to press."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from trim_bot.app.seam.access import Allow, Result, Rule, Use
from trim_bot.app.seam.command import Command, Opening
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Work
from trim_bot.domain.records import Action

OutcomeScreen = Callable[[Work, Mapping[str, str]], Screen]
Handler = Callable[[Work, Mapping[str, str], Mapping[str, object]], Result]
"""Carries a command out, made of the ids of its token and of what was typed."""

Scope = TypeVar("Scope")
S = TypeVar("S", bound=Opening)
D = TypeVar("D", bound=Command)
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Route:
    """What one form or button does, and who may.

    `shows` is made by opening it, `does` by sending it (a form) or pressing it (a button). `journal` is the row
    written for a change; `reads` says that showing it reads content, which is journalled too.
    """

    name: str
    rule: Rule
    shows: type[Opening] | None = None
    show: Handler | None = None
    does: type[Command] | None = None
    do: Handler | None = None
    journal: Action = Action.CHANGED
    reads: bool = False
    people: tuple[str, ...] = ()
    gather: str | None = None
    """Name of the command's field that takes all values together."""
    when: Mapping[str, str] = field(default_factory=dict)
    """What stands in the command, where several routes have the same."""
    words: tuple[str, ...] = ()
    """What can be typed or opened and leads here, each as one text, such as `peer log`."""
    to_all: bool = False
    """Whether a button without a token may open it: a page that is about whoever presses."""


def page(
    name: str,
    shows: type[S],
    show: Callable[[Scope, S], Result],
    *,
    allow: Allow[Scope],
    reads: bool = False,
    words: tuple[str, ...] = (),
    to_all: bool = False,
) -> Route:
    """Something to read."""
    use = Use(shows, show, allow.given)
    return Route(name, allow.rule, shows, use, reads=reads, words=words, to_all=to_all)


def form(
    name: str,
    shows: type[S],
    show: Callable[[Scope, S], Result],
    does: type[D],
    do: Callable[[Scope, D], Result],
    journal: Action,
    *,
    allow: Allow[Scope],
    reads: bool = False,
    people: tuple[str, ...] = (),
    gather: str | None = None,
    words: tuple[str, ...] = (),
    to_all: bool = False,
) -> Route:
    """Something to fill in."""
    return Route(
        name,
        allow.rule,
        shows=shows,
        show=Use(shows, show, allow.given),
        does=does,
        do=Use(does, do, allow.given),
        journal=journal,
        reads=reads,
        people=people,
        gather=gather,
        words=words,
        to_all=to_all,
    )


def button(
    name: str,
    does: type[D],
    do: Callable[[Scope, D], Result],
    journal: Action,
    *,
    allow: Allow[Scope],
    gather: str | None = None,
    when: Mapping[str, str] = _NOTHING,
) -> Route:
    """Something that happens when it is pressed."""
    use = Use(does, do, allow.given)
    return Route(name, allow.rule, does=does, do=use, journal=journal, gather=gather, when=when)
