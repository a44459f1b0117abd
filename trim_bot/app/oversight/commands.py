"""Keeping the scheme running: roster, training and status, none of which can reach a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from trim_bot.app.seam.command import Command, Opening
from trim_bot.domain.grants import GrantRequestId
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Address, Role


@dataclass(frozen=True, slots=True)
class OpenFindServing(Opening):
    """Show the form for finding somebody who serves by name."""


@dataclass(frozen=True, slots=True)
class FindServing(Command):
    """Show those who serve and whose name has these letters in it."""

    typed: str


@dataclass(frozen=True, slots=True)
class OpenServing(Opening):
    """Show the form for giving somebody a role."""


@dataclass(frozen=True, slots=True)
class GiveRole(Command):
    """Give a member a role."""

    person: Address
    role: Role


@dataclass(frozen=True, slots=True)
class OpenPerson(Opening):
    """Show one person who serves, with the form for recording training to those who keep the roster."""

    member: MemberId


@dataclass(frozen=True, slots=True)
class RecordTraining(Command):
    """Record a training attestation. Without a day on which it runs out it counts for as long as the site says."""

    member: MemberId
    provider: str
    trained_on: date
    expires_on: date | None


class RosterRecord(Enum):
    """What can be done to a role of somebody who serves, beside ending it."""

    SUSPEND = "suspend"
    """Suspend a lead."""


@dataclass(frozen=True, slots=True)
class OpenEndRole(Opening):
    """Show the form for ending a role of one person who serves."""

    member: MemberId


@dataclass(frozen=True, slots=True)
class EndRole(Command):
    """End a role, or suspend a lead: `change` is the role to end, or the suspension."""

    member: MemberId
    change: Role | RosterRecord


class WorkGoes(Enum):
    """Where all of somebody's work can go, beside a colleague."""

    ON = "on"
    """To a lead, who gives each piece to somebody."""
    NOWHERE = "nowhere"
    """It stays where it is; what was asked before is taken back."""


@dataclass(frozen=True, slots=True)
class OpenWorkMove(Opening):
    """Show the form for passing on all the work of somebody who serves."""

    member: MemberId


@dataclass(frozen=True, slots=True)
class MoveWork(Command):
    """Pass on all the work of somebody, whatever it is, from the next working day on."""

    member: MemberId
    next_holder: MemberId | WorkGoes


@dataclass(frozen=True, slots=True)
class OpenMoveAsked(Opening):
    """Show a lead to whom all work of somebody is to go."""

    member: MemberId


@dataclass(frozen=True, slots=True)
class AgreeToMove(Command):
    """Say yes to it, as a lead: it happens on the next working day."""

    member: MemberId


@dataclass(frozen=True, slots=True)
class RefuseMove(Command):
    """Say no to it, as a lead, or stop it before it happens."""

    member: MemberId


@dataclass(frozen=True, slots=True)
class OpenAsked(Opening):
    """Show what was asked on the roster, to whoever may say yes or no to it."""

    request: GrantRequestId


@dataclass(frozen=True, slots=True)
class SayYes(Command):
    """Be the second person: it begins on the next working day."""

    request: GrantRequestId


@dataclass(frozen=True, slots=True)
class SayNo(Command):
    """Say no to it, take it back, or stop it before it begins."""

    request: GrantRequestId


@dataclass(frozen=True, slots=True)
class SeeGivenRoles(Command):
    """A lead has seen who was given a role."""


@dataclass(frozen=True, slots=True)
class SendMonthly(Command):
    """Send the monthly note to every member."""


@dataclass(frozen=True, slots=True)
class OpenHelp(Opening):
    """Show what can be typed. Needs no store."""
