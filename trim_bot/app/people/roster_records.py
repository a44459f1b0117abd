"""What the roster says of somebody who serves, and of what was asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from trim_bot.domain.grants import GrantRequest
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Availability, Role, Training


@dataclass(frozen=True, slots=True)
class Serving:
    """One member who holds at least one role."""

    id: MemberId
    name: str
    roles: frozenset[Role]
    availability: Availability
    training: Training | None
    away_until: datetime | None
    away_from: datetime | None = None
    work_goes_to: str = ""
    """Who is to have all their work from `work_goes_at` (UTC) on; empty for a lead."""
    work_goes_at: datetime | None = None
    work_needs_yes: bool = False
    """Whether a lead has to say yes to it first, until `work_goes_at`."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A training as somebody attests it."""

    provider: str
    trained_on: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked on the roster, with the names that go with it."""

    request: GrantRequest
    name: str
    """Of the member it is for."""
    asked_by: str
    """Empty for the command line."""
    agreed_by: str
    """Empty as long as nobody has said yes, and where nobody had to."""
    training: Training | None
    """The newest that is recorded."""
    could: frozenset[Role]
    """Roles in which somebody is there who could say yes."""
    may_agree: bool
    """Whether whoever looks could."""
