"""What is asked on the roster that lets somebody open what others said, until a second person has said yes to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import NewType

from trim_bot.domain.ids import KeyId, MemberId
from trim_bot.domain.people import Role

GrantRequestId = NewType("GrantRequestId", str)
FoundingId = NewType("FoundingId", str)

OPEN_CASES = frozenset({Role.PRACTITIONER, Role.LEAD, Role.DEPUTY})
"""Roles whose holders may come to open what somebody said."""
MAY_SAY_YES = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR, Role.LEAD, Role.DEPUTY})
"""Roles whose holders may be the second person."""
NEED_SECOND_YES = OPEN_CASES | MAY_SAY_YES
"""Roles that open cases, or have a say in who gets one that does."""


class GrantState(Enum):
    """What became of what was asked."""

    WAITING = "waiting"
    """A second person has not answered yet."""
    AGREED = "agreed"
    """A second person said yes; it begins on the next working day."""
    GIVEN = "given"
    """It has begun."""
    REFUSED = "refused"
    """Somebody said no, or it was taken back before it began."""
    LAPSED = "lapsed"
    """Nobody answered in time, or one of the two is not there any more."""


COMING = (GrantState.WAITING, GrantState.AGREED)
"""States from which it may still begin."""


@dataclass(frozen=True, slots=True)
class GrantRequest:
    """A role, or a training that makes somebody eligible, asked for somebody by somebody."""

    id: GrantRequestId
    key_id: KeyId
    """The key of the member it is for."""
    member_id: MemberId
    asked_by: MemberId | None
    """None for the command line, and once whoever asked was erased."""
    agreed_by: MemberId | None
    """The second person."""
    role: Role | None
    """None where it is a training."""
    state: GrantState
    asked_at: datetime
    until: datetime
    """When it lapses, UTC; of one that was agreed, when it begins; of one that is over, when it ended."""
    provider: str = ""
    """Who gave the training; empty for a role."""
    trained_on: date | None = None
    expires_on: date | None = None


FOUNDING = FoundingId("desk")


@dataclass(frozen=True, slots=True)
class Founding:
    """The end of the founding: from when the first lead has opened the desk, a role needs a second yes."""

    id: FoundingId
    """Always `desk`: one record an organisation."""
    ended_at: datetime
