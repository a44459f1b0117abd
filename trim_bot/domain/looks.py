"""What the clock looks at in each organisation from time to time, and what makes it look sooner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from zlib import crc32

from trim_bot.domain.grants import GrantRequest
from trim_bot.domain.people import Grant, Member, Training
from trim_bot.domain.records import Erasure, NoteSent
from trim_bot.domain.site import Site


class ClockLook(Enum):
    """One thing that is looked at; the value is the id of its row."""

    LEAVES = "leaves"
    """Leave that begins or ends, and roles that were agreed."""
    LAPSED = "lapsed"
    """Work of those whose training has run out."""
    WEEKS = "weeks"
    """The statement of a closed week, and whether staffing is too low."""
    BULLETINS = "bulletins"
    """Periods that have closed and are not published."""
    ADOPTION = "adoption"
    """Cases that an older desk began."""
    STEADY = "steady"
    """Whether everybody who serves has their next message queued."""
    NOTES = "notes"
    """A note to everybody whose next day has come."""
    FAR_AHEAD = "far_ahead"
    """What a clock that ran ahead has put off."""
    ERASURES = "erasures"
    """Members who asked to be erased."""

    @property
    def longest(self) -> timedelta:
        """How long it may be that nothing was looked at, whatever was noted: what went unnoticed costs no more."""
        return _LONGEST[self]


_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LONGEST: Mapping[ClockLook, timedelta] = {
    ClockLook.LEAVES: _HOUR,
    ClockLook.LAPSED: _HOUR,
    ClockLook.WEEKS: 6 * _HOUR,
    ClockLook.BULLETINS: _DAY,
    ClockLook.ADOPTION: _DAY,
    ClockLook.STEADY: _HOUR,
    ClockLook.NOTES: 6 * _HOUR,
    ClockLook.FAR_AHEAD: _HOUR,
    ClockLook.ERASURES: _HOUR,
}
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""When a look is due that something made sooner, or that there never was."""


@dataclass(frozen=True, slots=True)
class NextLook:
    """When one thing is looked at next in one organisation."""

    id: str
    """The value of the look."""
    due_at: datetime
    """Business time, UTC. One further ahead than the longest there is was noted by a wrong clock, and is due."""


_SERVING = frozenset({ClockLook.LEAVES, ClockLook.LAPSED, ClockLook.WEEKS, ClockLook.STEADY})
WOKEN_BY: Mapping[type[object], frozenset[ClockLook]] = {
    Grant: _SERVING,
    Training: frozenset({ClockLook.LAPSED, ClockLook.WEEKS}),
    Member: frozenset({ClockLook.LEAVES, ClockLook.WEEKS, ClockLook.STEADY}),
    GrantRequest: frozenset({ClockLook.LEAVES}),
    NoteSent: frozenset({ClockLook.NOTES}),
    Erasure: frozenset({ClockLook.ERASURES}),
    Site: frozenset(ClockLook),
}
"""What is due at once when a record of a kind is written."""
_ONLY_CHANGED, _ONLY_NEW = frozenset({Member}), frozenset({Erasure})
"""A new member serves in nothing yet; an erasure that is over asks for nothing."""


def woken(written: Iterable[tuple[type[object], bool]]) -> frozenset[ClockLook]:
    """What is due at once by what was written: each kind, and whether a new record of it."""
    found: set[ClockLook] = set()
    for kind, new in written:
        if kind not in (_ONLY_CHANGED if new else _ONLY_NEW):
            found |= WOKEN_BY.get(kind, frozenset())
    return frozenset(found)


def next_look(look: ClockLook, organisation: str, now: datetime, at: datetime | None = None) -> datetime:
    """When to look next (UTC): at a time that is known, and within the longest there is. Organisations are spread."""
    spread = look.longest / 4 * (crc32(f"{look.value} {organisation}".encode()) % 1_000 / 1_000)
    latest = now + look.longest - spread
    return min(at, latest) if at is not None and at > now else latest
