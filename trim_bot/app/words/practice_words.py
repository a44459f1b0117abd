"""What the practice workspace says: the clock, who you are, the chat, and what to try first."""

from __future__ import annotations

BAR = "Practice workspace"
BAR_NOTE = "Made-up people. Nothing leaves this computer."
CLOCK = "Practice clock"
NOW = "now"
PICK = "Choose someone to be"
NO_ONE = "A visitor"
NO_ONE_ROLE = "Signed out"
CHAT = "Your chat, as Slack would show it"
CHAT_EMPTY = "No messages yet."
CHAT_TYPE = "Type in chat:"
APP_TAG = "App"
TRY_TITLE = "Try this"
TRY_LEAD = "Five steps show the whole of it. They take about three minutes."
TRY_STEPS = (
    "Be a practitioner. Type “/peer log” in the chat and log a hard event, with one colleague who was there.",
    "Be that colleague. Press Open in the chat, read the offer, and say yes.",
    "Move the clock to day 3. Be the practitioner again, press Open, and note the talk.",
    "Move the clock to one month, and do the same again. See what has changed.",
    "Be the coordinator and type “/peer status”. Look for a name: there is none.",
)
BACKWARDS = "The practice clock only moves on."
NOT_A_TIME = "That is not a time."
NOT_KNOWN = "Nobody here has that address."
NO_JUMPS = "The story has reached its end."


def you_are(name: str) -> str:
    """Whose eyes the page is seen through."""
    return f"You are {name}"


def things_ran(count: int) -> str:
    """What moving the clock set off."""
    if count == 0:
        return "Time moved on. Nothing came due."
    if count == 1:
        return "Time moved on. One thing came due."
    return f"Time moved on. {count} things came due."


def earlier(count: int) -> str:
    """How many older messages the chat leaves out."""
    return "One earlier message is not shown." if count == 1 else f"{count} earlier messages are not shown."
