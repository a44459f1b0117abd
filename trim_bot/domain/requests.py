"""An employee's own call for help, with or without a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from trim_bot.domain.ids import CaseId, KeyId, MemberId, RequestId, code_from


class RequestState(Enum):
    """Where a support request stands."""

    WAITING = "waiting"
    """Nobody has taken it yet."""
    TAKEN = "taken"
    """A practitioner has it and will make contact."""
    CASE = "case"
    """It has become a case."""
    CLOSED = "closed"
    """It ended without a case."""
    WITHDRAWN = "withdrawn"
    """The person took it back."""


class AfterAnswer(Enum):
    """What follows once somebody who asked has been answered."""

    WAIT = "wait"
    """It stays with whoever took it."""
    STRESS = "stress"
    """Talks about stress begin."""
    TRAUMA = "trauma"
    """Talks after a hard event begin."""
    CLOSE = "close"
    """It ends with the answer."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What stands open of a request: enough for a list to be put in order by."""

    id: RequestId
    key_id: KeyId
    state: RequestState
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class SupportRequest:
    """A call for help. Its words are sealed under the member's key, or under its own when nobody is known."""

    id: RequestId
    key_id: KeyId
    member_id: MemberId | None
    """None for a signed-out request: nobody, the desk included, knows who asked."""
    named: bool
    """False hides the person from practitioners."""
    state: RequestState
    asked_at: datetime
    language: str
    text: str = ""
    contact: str = ""
    """How the person would like to be reached."""
    code: str = ""
    """Reply code of a signed-out request; keyed, never kept readable."""
    taken_by: MemberId | None = None
    passed_by: tuple[MemberId, ...] = ()
    """Practitioners who said "Not me"."""
    reply: str = ""
    """What the practitioner answered, for the person's page."""
    case_id: CaseId | None = None
    ended_at: datetime | None = None
    """When it ended or became a case, UTC; keeping counts from then."""
    answered_at: datetime | None = None
    """When the answer that stands in `reply` was given, UTC."""
    read_at: datetime | None = None
    """When the person saw that answer first, UTC."""
    contact_by: datetime | None = None
    """By when the person was told that somebody gets in touch, UTC; None once it happened, or before it is taken."""


OPEN_REQUESTS = (RequestState.WAITING, RequestState.TAKEN)


def reply_code(keyed: Callable[[str, str], str], nonce: str) -> str:
    """The reply code of a signed-out request, made of the nonce of its form so that a replay shows the same one.

    `keyed` is the organisation's keyed digest: purpose and text.
    """
    return code_from(keyed("reply_code", nonce))
