"""Keeping the scheme running: roster, training, status. Nothing here can reach a case."""

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
    """Record a training attestation, or end a role: `change` is `training` or the role to end."""

    member: str
    change: str
    provider: str
    trained_on: date | None
    expires_on: date | None


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
