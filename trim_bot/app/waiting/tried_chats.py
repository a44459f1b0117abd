"""Which chat a test message is to go to, and that it took one: kept as a digest, as of whoever a message was for."""

from __future__ import annotations

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.message_kinds import MessageKind
from trim_bot.domain.people import Address

PURPOSE = "test_message"


def chat_digest(tx: Tx, chat: ChatWorkspace) -> str:
    """What stands for a chat on a test message that goes there."""
    return tx.keyed(PURPOSE, chat.text)


def is_there(tx: Tx, address: str, chat: str) -> bool:
    """Whether an account lives in the chat with this digest; any does where the message is for no chat of its own."""
    return not chat or chat_digest(tx, ChatWorkspace.of(Address.parse(address))) == chat


def tested(chat: str) -> str:
    """The id of what is noted once the chat with this digest took a test message."""
    return f"{MessageKind.TEST.value} {chat}".strip()
