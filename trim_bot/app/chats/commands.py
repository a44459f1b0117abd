"""Using the desk in several chats."""

from __future__ import annotations

from dataclasses import dataclass, field

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening
from trim_bot.domain.ids import AccountId, SessionId


@dataclass(frozen=True, slots=True)
class OpenChats(Opening):
    """Show the chats in which one uses the desk, from a place in the list on."""

    after: ListPlace = FIRST


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

    code: SessionId
    """Digest of the code."""


@dataclass(frozen=True, slots=True)
class ConfirmJoin(Command):
    """Say that whoever typed one's own code is oneself, so that both become one."""

    code: SessionId
    """Digest of the code."""


@dataclass(frozen=True, slots=True)
class RefuseJoin(Command):
    """Say that somebody else typed one's own code, or that nothing is to be joined."""


@dataclass(frozen=True, slots=True)
class UnlinkChat(Command):
    """Take one of one's own chats off again."""

    account: AccountId
