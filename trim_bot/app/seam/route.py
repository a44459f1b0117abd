"""What one line of the table of routes says: what it shows or does, who may, and what they have handled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Generic, TypeVar

from trim_bot.app.seam.command import Command, Opening
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, UnitOfWork, Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.people import Role
from trim_bot.domain.records import Action

Scope = TypeVar("Scope")
C = TypeVar("C", bound=Command)
Result = Screen | Next
"""What a handler answers with: what it drew, or what it led to."""


Refs = Mapping[str, str]
GuestEntitlement = Callable[[UnitOfWork, Refs], None]
"""An entitlement that asks nothing of who somebody is."""
Entitlement = Callable[[Work, Refs], None]
"""Raises NotOpen unless whoever asks stands in a relationship; names the subject for the journal."""


def always(work: Work, refs: Refs) -> None:
    """Nothing beyond the role is asked; the subject is whoever is asking."""
    work.about(work.who.member)


def unasked(work: UnitOfWork, refs: Refs) -> None:
    """Nothing is asked; there is no subject."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Roles (empty: every member), the relationship, and what is asked of a guest; None shuts guests out."""

    roles: frozenset[Role]
    relation: Entitlement = always
    guests: GuestEntitlement | None = None

    @property
    def signed_out(self) -> bool:
        """Whether it is open to people who are signed out."""
        return self.guests is not None

    def ask(self, work: UnitOfWork, refs: Refs) -> None:
        """Ask the relationship of whoever asks. Raises NotOpen unless they stand in it."""
        if isinstance(work, Work):
            self.relation(work, refs)
        elif self.guests is not None:
            self.guests(work, refs)
        else:
            raise NotOpen("signed_out")

    def admits(self, roles: frozenset[Role], *, signed_out: bool) -> bool:
        """Whether somebody with these roles may ever make the command."""
        if signed_out and not self.signed_out:
            return False
        return not self.roles or bool(self.roles & roles)


@dataclass(frozen=True, slots=True)
class Allow(Generic[Scope]):
    """A rule, and what it gives the handler of whoever it lets in."""

    rule: Rule
    given: Callable[[UnitOfWork], Scope]

    def __and__(self, relation: Entitlement) -> Allow[Scope]:
        """The same for those who stand in this relationship. Raises TypeError for a second one."""
        if self.rule.relation is not always:
            raise TypeError("a rule has one relationship; write one that asks both")
        return replace(self, rule=replace(self.rule, relation=relation))


@dataclass(frozen=True, slots=True)
class Use(Generic[Scope, C]):
    """A handler with its own command, and what it is given: each fits the others, or it is a type error."""

    command: type[C]
    handler: Callable[[Scope, C], Result]
    given: Callable[[UnitOfWork], Scope]

    def __call__(self, work: UnitOfWork, refs: Mapping[str, str], typed: Mapping[str, object]) -> Result:
        """Carry it out. Raises TypeError where ids and fields are not those of the command, each once."""
        make: Callable[..., C] = self.command
        return self.handler(self.given(work), make(**refs, **typed))


def of_member(work: UnitOfWork) -> Work:
    """The unit of work of a member. Raises NotOpen for anybody else."""
    if not isinstance(work, Work):
        raise NotOpen("signed_out")
    return work


def of_anybody(work: UnitOfWork) -> UnitOfWork:
    """The unit of work as it is, with no id of who asks."""
    return work


OutcomeScreen = Callable[[UnitOfWork, Mapping[str, str]], Screen]
Handler = Callable[[UnitOfWork, Mapping[str, str], Mapping[str, object]], Result]
"""Carries a command out, made of the ids of its token and of what was typed."""

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
