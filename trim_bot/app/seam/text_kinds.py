"""What a line of text is, and the cells of a list: what a device shows for a field follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class TextKind(Enum):
    """What a line of text is, so that a phone shows the right keys and offers what it knows."""

    WORDS = "words"
    """Anything."""
    PHONE = "phone"
    """Somebody's phone number."""
    OWN_PHONE = "own_phone"
    """The phone number of whoever fills the form; a device may offer it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One cell of each row of a text that is a list."""

    label: str
    holds: TextKind = TextKind.WORDS
    max_length: int = 100
    """Signs that are taken of it."""


OTHER_DAY = "other_day"
"""Of a choice of days near by the answer that leaves the day to the field beside it."""
