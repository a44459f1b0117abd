"""Why a message is sent; kept apart from what it may be about, so that whoever sends a note reaches no case."""

from __future__ import annotations

from enum import Enum


class MessageKind(Enum):
    """Why a message is sent, for the desk alone: what a platform is given is the same for all of them."""

    WAITING = "waiting"
    """Something waits for its receiver."""
    WELCOME = "welcome"
    """Once to each new member."""
    MONTHLY = "monthly"
    """The note to all staff, on a day of each one's own."""
    STEADY = "steady"
    """To those who serve, each working day, whether or not something waits."""
    TEST = "test"
    """To an administrator who asked for it, to see that messages come."""
