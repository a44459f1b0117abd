"""What the simulator says when the product broke a promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Rule(Enum):
    """The promises that are watched."""

    LOST = "lost"
    """Something acknowledged is not there any more."""
    OWNER = "without owner"
    """Something waits and belongs to nobody, or nobody can see it."""
    SILENT = "silent"
    """A step's time came and went, and nothing happened."""
    NOT_TOLD = "not told"
    """Somebody owns a step and no message of it ever reached them in a whole working day."""
    PASSED_OVER = "passed over"
    """A step climbed past somebody who could have been told and was not."""
    HOURS = "outside hours"
    """A message came when its receiver was not at work."""
    DOUBLED = "doubled"
    """Two messages of one moment reached the same person."""
    KEYS = "keys"
    """A row stands whose key is gone, or keys were destroyed that are needed."""
    TAKEN_BACK = "taken back"
    """What somebody took back stands again."""
    ERASED = "erased"
    """Somebody erased is there again."""
    FOLLOW_UP = "follow-up"
    """Somebody who said yes is left without a conversation about one of their events."""
    ROOM = "room"
    """Somebody holds more than the site lets anybody hold, and no lead gave it to them on purpose."""
    ENDED = "ended"
    """A step ended otherwise than it may, although it is still owed, or stood with its owner for too long."""
    SHOWN = "shown"
    """A page leaves out what its reader holds, shows what is another's, or puts it in a wrong order."""
    WEEK = "week"
    """The sentence of a closed week says on track although something stood at the end of the ladder in it."""
    KEPT = "kept"
    """Something was erased before its time for being kept, and for being read, was over."""
    RESTS = "never rests"
    """The clock finds the same thing due for ever."""
    CLOSED = "closed"
    """The desk does not open again, or answers nobody."""
    JOURNAL = "journal"
    """The chain of the journal is broken."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken promise."""

    rule: Rule
    text: str
    at: datetime


class Broken(Exception):
    """A promise was broken; the run ends here."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.rule.value}: {finding.text} (at {finding.at:%Y-%m-%d %H:%M})")
        self.finding = finding
