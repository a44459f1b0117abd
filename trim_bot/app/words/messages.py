"""The one message: the only words a chat platform ever stores from the desk."""

from __future__ import annotations

MESSAGE_TEXT = "There may be something for you in Peer Support."
"""The whole text of every message, true whether or not something waits."""
OPEN_LABEL = "Open"
STOP_LABEL = "Stop these messages"
MONTHLY = (
    "Everyone who works here gets this note once a month, each on a day of their own.",
    "You can ask a trained colleague for a talk at any time.",
)
"""What opens behind the monthly note; nothing in it is about anyone."""
