"""The fixed catalogue: the only words a chat platform ever stores from the desk."""

from __future__ import annotations

from typing import assert_never

from trim_bot.app.views import MessageKind

OPEN_LABEL = "Open"
STOP_LABEL = "Stop these messages"


def message_text(kind: MessageKind) -> str:
    """The whole text of a message; there is nothing to fill in."""
    match kind:
        case MessageKind.WAITING:
            return "Something is waiting for you in Peer Support."
        case MessageKind.WELCOME:
            return (
                "Welcome to Peer Support. Everyone who works here gets this note. "
                "You can ask a trained colleague for a talk at any time. "
                "Open shows how it works and who can see it."
            )
        case MessageKind.MONTHLY:
            return (
                "This is the monthly note from Peer Support. Everyone who works here gets it. "
                "You can ask a trained colleague for a talk at any time."
            )
        case _:
            assert_never(kind)
