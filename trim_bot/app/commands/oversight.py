"""Keeping the scheme running: roster, training and status, none of which can reach a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trim_bot.domain.people import Address


@dataclass(frozen=True, slots=True)
class OpenRoster:
    """Show who serves, their availability and training."""


@dataclass(frozen=True, slots=True)
class OpenServing:
    """Show the form for giving somebody a role."""


@dataclass(frozen=True, slots=True)
class GiveRole:
    """Give a member a role."""

    person: Address
    role: str


@dataclass(frozen=True, slots=True)
class OpenPerson:
    """Show the form for one person who serves: training and roles."""

    member: str


@dataclass(frozen=True, slots=True)
class RecordTraining:
    """Record a training attestation, or end a role: `change` is `training` or the role to end.

    The rest is for training; whoever may only end roles has no field for it.
    """

    member: str
    change: str
    provider: str = ""
    trained_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class OpenMonthly:
    """Show what the monthly note says before it goes out."""


@dataclass(frozen=True, slots=True)
class SendMonthly:
    """Send the monthly note to every member."""


@dataclass(frozen=True, slots=True)
class OpenStatus:
    """Show whether the scheme is on track and staffed."""


@dataclass(frozen=True, slots=True)
class OpenHelp:
    """Show what can be typed. Needs no store."""
