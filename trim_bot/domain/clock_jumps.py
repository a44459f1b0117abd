"""Judges whether this machine's clock can be believed, by the time since boot and by what others say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

AGREES_WITHIN = timedelta(minutes=5)
"""How far two clocks may be apart and still agree."""
BEFORE = "before"
"""The source of what an earlier start of the machine had believed: nobody says it again."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One look at both clocks: real time (UTC), and the time since boot, which runs on in a suspended machine."""

    real: datetime
    since_boot: timedelta


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the clock is not believed: how far ahead it seems to be (negative when it is behind)."""

    ahead: timedelta


class ClockJudge:
    """Remembers the last moment at which the clock was believed, and who agreed since.

    A clock that is put back where it was is believed again; so is one that anybody agrees with.
    """

    def __init__(self, first: Moment) -> None:
        """`first` is believed until something speaks against it."""
        self._believed = first
        self._jumped = False
        self._ahead_of: dict[str, timedelta] = {}

    def heard(self, source: str, said: datetime, at: Moment) -> None:
        """Somebody's clock said `said` (aware) at this moment of ours."""
        self._look(at)
        ahead = at.real - said
        self._ahead_of[source] = ahead
        if abs(ahead) <= AGREES_WITHIN:
            self._believed, self._jumped = at, False

    def believe(self, moment: Moment) -> None:
        """The clock was believed at another moment of the same boot: measure from there.

        What an earlier start had believed counts no more.
        """
        self._believed, self._jumped = moment, False
        self._ahead_of.pop(BEFORE, None)

    def doubt(self, at: Moment) -> Doubt | None:
        """Why the clock is not believed at this moment, or None."""
        jump = self._look(at)
        if self._jumped:
            return Doubt(jump)
        apart = [ahead for ahead in self._ahead_of.values() if abs(ahead) > AGREES_WITHIN]
        if apart and len(apart) == len(self._ahead_of):
            return Doubt(min(apart, key=abs))
        return None

    def _look(self, at: Moment) -> timedelta:
        jump = (at.real - self._believed.real) - (at.since_boot - self._believed.since_boot)
        jumped = abs(jump) > AGREES_WITHIN
        if jumped is not self._jumped:
            # What others said was compared with the clock as it stood before.
            self._ahead_of.clear()
            self._jumped = jumped
        return jump
