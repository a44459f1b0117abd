"""Who may, and what they have handled: role and relationship stand on the line of a route, which needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from trim_bot.app.seam.command import Command
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Next, Work
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.people import Role

Scope = TypeVar("Scope")
C = TypeVar("C", bound=Command)
Result = Screen | Next
"""What a handler answers with: what it drew, or what it led to."""


Refs = Mapping[str, str]
Entitlement = Callable[[Work, Refs], None]
"""Raises NotOpen unless whoever asks stands in a relationship; names the subject for the journal."""


def always(work: Work, refs: Refs) -> None:
    """Nothing beyond the role is asked; the subject is whoever is asking."""
    if work.who.member is not None:
        work.about(work.who.member)


@dataclass(frozen=True, slots=True)
class Rule:
    """Roles (empty: every member), the relationship, and whether it is open to people who are signed out."""

    roles: frozenset[Role]
    relation: Entitlement = always
    signed_out: bool = False

    def admits(self, roles: frozenset[Role], *, signed_out: bool) -> bool:
        """Whether somebody with these roles may ever make the command."""
        if signed_out and not self.signed_out:
            return False
        return not self.roles or bool(self.roles & roles)


@dataclass(frozen=True, slots=True)
class Allow(Generic[Scope]):
    """A rule, and what it gives the handler of whoever it lets in."""

    rule: Rule
    given: Callable[[Work], Scope]

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
    given: Callable[[Work], Scope]

    def __call__(self, work: Work, refs: Mapping[str, str], typed: Mapping[str, object]) -> Result:
        """Carry it out. Raises TypeError where ids and fields are not those of the command, each once."""
        make: Callable[..., C] = self.command
        return self.handler(self.given(work), make(**refs, **typed))


def whole(work: Work) -> Work:
    """The unit of work as it is."""
    return work


def check_role(work: Work, rule: Rule) -> None:
    """Raise NotOpen unless one of the asker's roles may make the command."""
    if not rule.admits(work.who.roles, signed_out=work.who.member is None):
        raise NotOpen("role")


def check_relation(work: Work, rule: Rule, refs: Refs) -> None:
    """Raise NotOpen unless the asker stands in the right relationship; names the subject for the journal."""
    rule.relation(work, refs)
