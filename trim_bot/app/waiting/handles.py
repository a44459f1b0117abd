"""The random handle of a message: all that its buttons carry, and kept only as a digest that nobody can follow back."""

from __future__ import annotations

import secrets

from trim_bot.app.seam.views import Message
from trim_bot.app.seam.work import Work
from trim_bot.domain.steps import Outgoing

PURPOSE = "message_handle"
BYTES = 18


def new_handle() -> str:
    """A handle for one message: 24 characters, the same for whatever the message is about."""
    return secrets.token_urlsafe(BYTES)


def digest(work: Work, handle: str) -> str:
    """What is kept of a handle. Without the keys it cannot be matched with what a chat has stored."""
    return work.tx.keyed(PURPOSE, handle)


def message_with(work: Work, handle: str) -> Message:
    """The message whose two buttons carry this handle."""
    return Message(work.sign.lasting("open", m=handle), work.sign.lasting("stop", m=handle))


def message_behind(work: Work, handle: str) -> Outgoing | None:
    """The message with this handle, if it was sent to whoever presses; None too once it is kept no more."""
    found = work.tx.find(Outgoing, handle=digest(work, handle), limit=1) if handle else []
    return found[0] if found and found[0].member_id == work.who.id else None
