"""What anyone can do about their own record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from trim_bot.app.command import Command, Opening


@dataclass(frozen=True, slots=True)
class OpenHome(Opening):
    """Show the first page in the browser."""


@dataclass(frozen=True, slots=True)
class OpenWaiting(Opening):
    """Show what waits for oneself, as buttons."""


@dataclass(frozen=True, slots=True)
class OpenStepWaiting(Opening):
    """Open what waits: by the handle of a message, or by a step on a page and in the messages of old desks."""

    step: str = ""
    m: str = ""


@dataclass(frozen=True, slots=True)
class StopMessages(Command):
    """Stop chat messages; a practitioner's open steps move to cover. `m` is the handle of the message."""

    m: str = ""


@dataclass(frozen=True, slots=True)
class StartMessages(Command):
    """Have chat messages again."""


@dataclass(frozen=True, slots=True)
class OpenMe(Opening):
    """Show one's own requests, offers and conversations."""


@dataclass(frozen=True, slots=True)
class WithdrawRequest(Command):
    """Take one's own request back."""

    request: str


@dataclass(frozen=True, slots=True)
class WithdrawFromCase(Command):
    """End one's own part in a case; reminders stop at once."""

    case: str


@dataclass(frozen=True, slots=True)
class ChangePractitioner(Command):
    """Go on with somebody else; no reason is asked."""

    case: str


@dataclass(frozen=True, slots=True)
class OpenReaders(Opening):
    """Show who opened one's own record."""


@dataclass(frozen=True, slots=True)
class OpenErase(Opening):
    """Show what erasing means."""


@dataclass(frozen=True, slots=True)
class EraseMe(Command):
    """Erase one's own record."""

    sure: bool


@dataclass(frozen=True, slots=True)
class GiveBrowserLink(Command):
    """Hand over a one-time link to the browser pages."""


@dataclass(frozen=True, slots=True)
class OpenChats(Opening):
    """Show the chats in which one uses the desk."""


@dataclass(frozen=True, slots=True)
class GiveChatCode(Command):
    """Hand over a one-time code to be typed in another chat."""


@dataclass(frozen=True, slots=True)
class OpenChatCode(Opening):
    """Show where a code from another chat is typed."""


@dataclass(frozen=True, slots=True)
class EnterChatCode(Command):
    """Look a code up, and ask whether its maker is oneself."""

    typed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class JoinChats(Command):
    """Say that the maker of a code is oneself."""

    code: str
    """Digest of the code."""


@dataclass(frozen=True, slots=True)
class ConfirmJoin(Command):
    """Say that whoever typed one's own code is oneself, so that both become one."""

    code: str
    """Digest of the code."""


@dataclass(frozen=True, slots=True)
class RefuseJoin(Command):
    """Say that somebody else typed one's own code, or that nothing is to be joined."""


@dataclass(frozen=True, slots=True)
class UnlinkChat(Command):
    """Take one of one's own chats off again."""

    account: str


@dataclass(frozen=True, slots=True)
class PutZoneAside(Command):
    """Not say which zone one lives in; not asked again."""


@dataclass(frozen=True, slots=True)
class OpenProfile(Opening):
    """Show one's own profile."""


@dataclass(frozen=True, slots=True)
class SaveProfile(Command):
    """Keep one's own profile."""

    zone: str
    hours: str
    phone: str = field(repr=False)
    reach: str
    best_time: str = field(repr=False)
    days: tuple[str, ...] = ()
    """Weekdays the hours are for, from `0` for Monday."""
    away_from: date | None = None
    """First day away; left out, they are away from now on."""
    away_until: date | None = None
    """Last day away."""
    place: str = ""
    """Asked only where the site has more than one."""
    availability: str = ""
    """`room`, `full` or `away`; only those who serve are asked."""
    language: str = ""
    """Asked only where the site has more than one."""
    first: str = ""
    """Where messages go, by the id of an account, or `page`; asked only of those with more than one chat."""
    changes: bool = False
    """Whether to write to them when something of theirs changes; asked only of those who do not hear daily."""
