"""What one line of the table of routes says: a page to read, a form to fill in, or a button to press."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from trim_bot.domain.records import Action

Handler = Callable[..., object]
"""`(Work, command) -> View | Outcome`, or `(Overview, command) -> …` where `overview` is set."""


@dataclass(frozen=True, slots=True)
class Route:
    """What one form or button does.

    `shows` is made by opening it, `does` by sending it (a form) or pressing it (a button). `journal` is the row
    written for a change; `reads` says that showing it reads content, which is journalled too.
    """

    name: str
    shows: type | None = None
    show: Handler | None = None
    does: type | None = None
    do: Handler | None = None
    journal: Action = Action.CHANGED
    reads: bool = False
    people: tuple[str, ...] = ()
    gather: str | None = None
    """Name of the command's field that takes all values together."""
    overview: bool = False
    when: Mapping[str, str] = field(default_factory=dict)
    """What stands in the command, where several routes have the same."""


def page(name: str, shows: type, show: Handler, *, reads: bool = False, overview: bool = False) -> Route:
    """Something to read."""
    return Route(name, shows, show, reads=reads, overview=overview)


def form(
    name: str,
    shows: type,
    show: Handler,
    does: type,
    do: Handler,
    journal: Action,
    *,
    reads: bool = False,
    people: tuple[str, ...] = (),
    gather: str | None = None,
    overview: bool = False,
) -> Route:
    """Something to fill in."""
    return Route(name, shows, show, does, do, journal, reads, people, gather, overview)


def button(
    name: str,
    does: type,
    do: Handler,
    journal: Action,
    *,
    gather: str | None = None,
    overview: bool = False,
    when: Mapping[str, str] | None = None,
) -> Route:
    """Something that happens when it is pressed."""
    return Route(name, does=does, do=do, journal=journal, gather=gather, overview=overview, when=when or {})
