"""Asking for support, and answering somebody who asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import Enum

from trim_bot.app.seam.command import Command, Opening
from trim_bot.domain.ids import CaseId, PlaceId, RequestId
from trim_bot.domain.requests import AfterAnswer


class Naming(Enum):
    """Whether colleagues see who asked."""

    NAMED = "named"
    """They see the name."""
    UNNAMED = "unnamed"
    """They do not; the desk itself knows."""


@dataclass(frozen=True, slots=True)
class AskForSupport(Command):
    """Ask, with one's name or not yet."""

    name: Naming
    text: str = field(repr=False)
    contact: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenAsk(Opening):
    """Show the signed-out form; nobody knows who asks."""


@dataclass(frozen=True, slots=True)
class AskSignedOut(Command):
    """Ask without any sign-in; the answer is a reply code."""

    text: str = field(repr=False)
    contact: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenReply(Opening):
    """Show the form for a reply code."""


@dataclass(frozen=True, slots=True)
class ReadReply(Command):
    """Look up what became of a signed-out request."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StopSignedOut(Command):
    """Take a signed-out request back, or end what became of it; pressed where its code was typed."""

    request: RequestId


@dataclass(frozen=True, slots=True)
class OpenRequest(Opening):
    """Show a waiting request: how long it has waited, and the language; no name."""

    request: RequestId


@dataclass(frozen=True, slots=True)
class TakeRequest(Command):
    """Take a request; the first to take it has it."""

    request: RequestId


@dataclass(frozen=True, slots=True)
class PassRequest(Command):
    """Say "not me", before or after taking it; no reason is asked."""

    request: RequestId


@dataclass(frozen=True, slots=True)
class AnswerRequest(Command):
    """Leave a reply, and say what follows."""

    request: RequestId
    reply: str = field(repr=False)
    then: AfterAnswer
    ended_on: date | None
    ended_at: time | None
    clock: PlaceId | None = None
    """Another place's clock, if one was chosen."""


@dataclass(frozen=True, slots=True)
class TakeFromTray(Command):
    """Take one request out of the tray: from then on it is an ordinary one."""

    request: RequestId


@dataclass(frozen=True, slots=True)
class WithdrawRequest(Command):
    """Take one's own request back."""

    request: RequestId


@dataclass(frozen=True, slots=True)
class WithdrawFromCase(Command):
    """End one's own part in a case; reminders stop at once."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class ChangePractitioner(Command):
    """Go on with somebody else; no reason is asked."""

    case: CaseId
