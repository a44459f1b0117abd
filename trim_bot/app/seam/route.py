"""What one line of the table of routes says, and how its command travels in a token: in one file, since a reader
of a gesture needs both.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum
from types import MappingProxyType, NoneType
from typing import Generic, Never, TypeVar, get_args, get_origin, get_type_hints

from trim_bot.app.seam.command import Command, Opening
from trim_bot.app.seam.ports import Tokens
from trim_bot.app.seam.unsigned import Form, Screen
from trim_bot.app.seam.work import Next, UnitOfWork, Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.people import Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Action

Scope = TypeVar("Scope")
C = TypeVar("C", bound=Command)
Asked = TypeVar("Asked")
Asks = TypeVar("Asks", contravariant=True)
Result = Screen | Next
"""What a handler answers with: what it drew, or what it led to."""


Refs = Mapping[str, str]
"""What a token holds of a command, as text."""
GuestEntitlement = Callable[[UnitOfWork, Asked], None]
"""An entitlement that asks nothing of who somebody is."""
Entitlement = Callable[[Work, Asked], None]
"""Raises NotOpen unless whoever asks stands in a relationship to what the command names; tells the journal of it."""


def always(work: Work, asked: Command) -> None:
    """Nothing beyond the role is asked; the subject is whoever is asking."""
    work.about(work.who.member)


def unasked(work: UnitOfWork, asked: Command) -> None:
    """Nothing is asked; there is no subject."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[Asks]):
    """Roles (empty: every member), the relationship, and what is asked of a guest; None shuts guests out.

    `Asks` is what a command must name for the relationship to be asked.
    """

    roles: frozenset[Role]
    relation: Entitlement[Asks]
    guests: GuestEntitlement[Asks] | None = None

    @property
    def signed_out(self) -> bool:
        """Whether it is open to people who are signed out."""
        return self.guests is not None

    def ask(self, work: UnitOfWork, asked: Asks) -> None:
        """Ask the relationship of whoever asks. Raises NotOpen unless they stand in it."""
        if isinstance(work, Work):
            self.relation(work, asked)
        elif self.guests is not None:
            self.guests(work, asked)
        else:
            raise NotOpen("signed_out")

    def admits(self, roles: frozenset[Role], *, signed_out: bool) -> bool:
        """Whether somebody with these roles may ever make the command."""
        if signed_out and not self.signed_out:
            return False
        return not self.roles or bool(self.roles & roles)


AnyRule = Rule[Never]
"""A rule of which only the roles can be asked, since nothing is known of the command."""


@dataclass(frozen=True, slots=True)
class Allow(Generic[Scope, Asks]):
    """A rule, and what it gives the handler of whoever it lets in."""

    rule: Rule[Asks]
    given: Callable[[UnitOfWork], Scope]

    def __and__(self, relation: Entitlement[Asked]) -> Allow[Scope, Asked]:
        """This rule, for those alone who stand in a relationship. Raises TypeError for a second one."""
        if self.rule.relation is not always:
            raise TypeError("a rule has one relationship; write one that asks both")
        return Allow(Rule(self.rule.roles, relation), self.given)


@dataclass(frozen=True, slots=True)
class Use(Generic[Scope, C]):
    """A handler with its own command, and what it is given: each fits the others, or it is a type error."""

    command: type[C]
    handler: Callable[[Scope, C], Result]
    given: Callable[[UnitOfWork], Scope]

    def __call__(self, work: UnitOfWork, refs: Refs, typed: Mapping[str, object]) -> Result:
        """Carry it out. Raises TypeError where ids and fields are not those of the command, each once."""
        return self.handler(self.given(work), made(self.command, refs, typed))


@dataclass(frozen=True, slots=True)
class Redrawn(Generic[Scope, C]):
    """The same of a form that comes back, drawn by what its command would do."""

    command: type[C]
    draw: Callable[[Scope, C], Form | None]
    given: Callable[[UnitOfWork], Scope]

    def __call__(self, work: UnitOfWork, refs: Refs, typed: Mapping[str, object]) -> Form | None:
        """Draw it. Raises as `Use` does."""
        return self.draw(self.given(work), made(self.command, refs, typed))


@dataclass(frozen=True, slots=True)
class Ask(Generic[C]):
    """The relationship of a rule, asked about the command that a token carries."""

    command: type[C]
    rule: Rule[C]

    def __call__(self, work: UnitOfWork, refs: Refs, typed: Mapping[str, object]) -> None:
        """Raises NotOpen where whoever asks does not stand in it, or the token is none of this command's."""
        try:
            asked = made(self.command, refs, typed)
        except (TypeError, ValueError):
            raise NotOpen("token") from None
        self.rule.ask(work, asked)


def of_member(work: UnitOfWork) -> Work:
    """The unit of work of a member. Raises NotOpen for anybody else."""
    if not isinstance(work, Work):
        raise NotOpen("signed_out")
    return work


def of_anybody(work: UnitOfWork) -> UnitOfWork:
    """The unit of work as it is, with no id of who asks."""
    return work


OutcomeScreen = Callable[[UnitOfWork, Mapping[str, str]], Screen]
Handler = Callable[[UnitOfWork, Refs, Mapping[str, object]], Result]
"""Carries a command out, made of the ids of its token and of what was typed."""
Again = Callable[[UnitOfWork, Refs, Mapping[str, object]], Form | None]
"""Draws a form that was looked at anew, with what that showed; None where nothing was."""
Check = Callable[[UnitOfWork, Refs, Mapping[str, object]], None]
"""Raises NotOpen unless whoever asks may make the command of a token."""

S = TypeVar("S", bound=Opening)
D = TypeVar("D", bound=Command)
_NOTHING: Mapping[str, Enum] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Route:
    """What one form or button does, and who may.

    `shows` is made by opening it, `does` by sending it (a form) or pressing it (a button). `journal` is the row
    written for a change; `reads` says that showing it reads content, which is journalled too.
    """

    name: str
    rule: AnyRule
    ask: Check
    """Of a form or page, about what opens it; of a button, about what pressing it does."""
    shows: type[Opening] | None = None
    show: Handler | None = None
    does: type[Command] | None = None
    do: Handler | None = None
    journal: Action = Action.CHANGED
    reads: bool = False
    people: tuple[str, ...] = ()
    gather: str | None = None
    """Name of the command's field that takes all values together."""
    when: Mapping[str, Enum] = field(default_factory=dict)
    """What stands in the command, where several routes have the same."""
    words: tuple[str, ...] = ()
    """What can be typed or opened and leads here, each as one text, such as `peer log`."""
    to_all: bool = False
    """Whether a button without a token may open it: a page that is about whoever presses."""
    takes: str = ""
    """The id in the command that the word typed after its words stands for, such as a handle in an address."""
    again: Again | None = None
    """Of a form: what stands above it where it comes back after what was typed has been looked at; it does nothing."""


def page(
    name: str,
    shows: type[S],
    show: Callable[[Scope, S], Result],
    *,
    allow: Allow[Scope, S],
    reads: bool = False,
    words: tuple[str, ...] = (),
    to_all: bool = False,
    takes: str = "",
) -> Route:
    """Something to read."""
    use = Use(shows, show, allow.given)
    asks = Ask(shows, allow.rule)
    return Route(
        name, allow.rule, asks, shows, use, reads=reads, words=words, to_all=to_all, takes=takes
    )  # fmt: skip


def form(
    name: str,
    shows: type[S],
    show: Callable[[Scope, S], Result],
    does: type[D],
    do: Callable[[Scope, D], Result],
    journal: Action,
    *,
    allow: Allow[Scope, S],
    reads: bool = False,
    people: tuple[str, ...] = (),
    gather: str | None = None,
    words: tuple[str, ...] = (),
    to_all: bool = False,
    again: Callable[[Scope, D], Form | None] | None = None,
) -> Route:
    """Something to fill in."""
    return Route(
        name,
        allow.rule,
        Ask(shows, allow.rule),
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
        again=Redrawn(does, again, allow.given) if again is not None else None,
    )


def button(
    name: str,
    does: type[D],
    do: Callable[[Scope, D], Result],
    journal: Action,
    *,
    allow: Allow[Scope, D],
    gather: str | None = None,
    when: Mapping[str, Enum] = _NOTHING,
) -> Route:
    """Something that happens when it is pressed."""
    use = Use(does, do, allow.given)
    asks = Ask(does, allow.rule)
    return Route(name, allow.rule, asks, does=does, do=use, journal=journal, gather=gather, when=when)


Read = Callable[[object], object]
"""Makes what a field holds of what came as text; all else is left as it is."""


def made(kind: type[C], refs: Mapping[str, object], typed: Mapping[str, object]) -> C:
    """The command that a token's texts and a form's values make: an answer becomes its enum, "" becomes None.

    Raises TypeError where they are not the fields of the command, each once, and ValueError for an answer that its
    enum does not have.
    """
    make: Callable[..., C] = kind
    return make(**_read(kind, refs), **_read(kind, typed))


def refs_of(command: Command, without: str | None = None) -> dict[str, str]:
    """What a token holds of a command, but for one field; what is as it is by default is left out."""
    return {
        field.name: _text(getattr(command, field.name))
        for field in fields(command)
        if field.name != without and getattr(command, field.name) != field.default
    }


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case Enum():
            return str(value.value)
        case _:
            return str(value)


def _read(kind: type[Command], values: Mapping[str, object]) -> dict[str, object]:
    readers = _readers(kind)
    return {name: readers[name](value) if name in readers else value for name, value in values.items()}


_READERS: dict[type[Command], Mapping[str, Read]] = {}


def _readers(kind: type[Command]) -> Mapping[str, Read]:
    """How each field is read that is no plain text, by name; looked at once for each command."""
    if kind not in _READERS:
        found = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
        _READERS[kind] = {name: read for name, read in found.items() if read is not None}
    return _READERS[kind]


def _reader(hint: object) -> Read | None:
    parts = get_args(hint) or (hint,)
    if get_origin(hint) is tuple:
        each = _reader(parts[0])
        return None if each is None else lambda value: _each(each, value)
    answers = tuple(part for part in parts if isinstance(part, type) and issubclass(part, Enum))
    empty = NoneType in parts
    closed = bool(answers) and len(answers) + empty == len(parts)
    return (lambda value: _one(answers, empty, closed, value)) if answers or empty else None


def _one(answers: tuple[type[Enum], ...], empty: bool, closed: bool, value: object) -> object:
    if not isinstance(value, str):
        return value
    if empty and not value:
        return None
    found = next((one for kind in answers for one in kind if one.value == value), None)
    if closed and found is None:
        raise ValueError("this is none of the answers")
    return found or value


def _each(read: Read, value: object) -> object:
    return tuple(read(one) for one in value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs references of one organisation at one real time."""

    tokens: Tokens
    organisation: str
    real: datetime

    def form(self, name: str, **refs: str) -> str:
        """For a form: 24 hours, one success."""
        return self._fleeting(name, refs)

    def press(self, action: str, **refs: str) -> str:
        """For a button: 24 hours, one effect."""
        return self._fleeting(action, refs)

    def lasting(self, action: str, **refs: str) -> str:
        """For a button in a message: no end, no nonce."""
        return self.tokens.sign(self.organisation, action, refs, nonce=None, expires_at=None)

    def _fleeting(self, name: str, refs: dict[str, str]) -> str:
        nonce, until = secrets.token_urlsafe(12), self.real + POLICY.form_lasts
        return self.tokens.sign(self.organisation, name, refs, nonce=nonce, expires_at=until)
