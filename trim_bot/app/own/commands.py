"""What anyone can do about their own record."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening
from trim_bot.domain.ids import CaseId, CheckInId, MessageHandle


@dataclass(frozen=True, slots=True)
class OpenHome(Opening):
    """Show the first page in the browser."""


@dataclass(frozen=True, slots=True)
class OpenWaiting(Opening):
    """Show what waits for oneself, as buttons, from a place in the list on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class StopMessages(Command):
    """Stop chat messages; a practitioner's open steps move to cover. `m` is the handle of the message."""

    m: MessageHandle | None = None


@dataclass(frozen=True, slots=True)
class StartMessages(Command):
    """Have chat messages again."""


@dataclass(frozen=True, slots=True)
class OpenAboutColleague(Opening):
    """Show whom to turn to about a colleague who serves here, from a place in the list on. It leaves no trace."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenReaders(Opening):
    """Show who opened one's own record, from a place in the list on."""

    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenWritten(Opening):
    """Show what is written about oneself in one case, from a place among its talks on."""

    case: CaseId
    after: ListPlace = FIRST


@dataclass(frozen=True, slots=True)
class OpenWrittenTalk(Opening):
    """Show the notes of one talk that one had."""

    check_in: CheckInId


@dataclass(frozen=True, slots=True)
class OpenStopOrChange(Opening):
    """Show what stopping and changing the colleague do, with both buttons and the way back."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class OpenPrivateHere(Opening):
    """Show what stays private and what may not, in the version one heard."""


@dataclass(frozen=True, slots=True)
class GiveBrowserLink(Command):
    """Hand over a one-time link to the browser pages."""


@dataclass(frozen=True, slots=True)
class PutZoneAside(Command):
    """Not say which zone one lives in; not asked again."""
