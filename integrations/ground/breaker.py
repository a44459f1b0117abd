"""One way out that may be away: after failures its calls fail at once, until one that is let through comes back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from trim_bot.domain.errors import Trouble, TryLater

OPENS_AT = 3
"""So many failures in a row, with no answer between them, count as being away."""
WEIGHTS = {Trouble.SLOW: 2, Trouble.ASKED_TO_WAIT: OPENS_AT, Trouble.NOT_TAKEN: OPENS_AT}
"""What one failure counts, where it is more than one: a call that hangs cost its whole time already."""
FIRST_WAIT = {Trouble.ASKED_TO_WAIT: 5.0, Trouble.NOT_TAKEN: 30.0}
OTHER_FIRST_WAIT = 2.0
"""Seconds until the first call is let through to try; each failed try doubles them."""
LONGEST_WAIT = 60.0
"""So that the end of an outage of days is noticed within a minute."""
LONGEST_ASKED = 3600.0
"""The longest wish to wait that is honoured; one beyond is a mistake, and is asked about again after an hour."""
TRY_SECONDS = 1.0
"""What somebody is told to wait while another call is trying."""


class Pass(Enum):
    """How a call was let through."""

    ORDINARY = "ordinary"
    """Nothing is known against it."""
    TRYING = "trying"
    """It alone finds out whether the other side is back."""


@dataclass(slots=True)
class Breaker:
    """Seconds are of one monotonic clock, which the caller reads. Safe in one thread."""

    workspace: str = ""
    """Told to whoever has to wait; empty where the way out is no workspace's."""
    trouble: Trouble = Trouble.UNSURE
    _weight: int = 0
    _failing_since: float | None = None
    _away_until: float | None = None
    _tries: int = 0
    _trying: bool = False

    def enter(self, now: float) -> Pass:
        """Ask to be let through. Raises TryLater at once while the other side is away."""
        self.look(now)
        if self._away_until is None:
            return Pass.ORDINARY
        self._trying = True
        return Pass.TRYING

    def look(self, now: float) -> None:
        """See whether one would be let through, and ask for nothing. Raises TryLater while one would not."""
        if self._away_until is not None and (now < self._away_until or self._trying):
            raise TryLater(max(TRY_SECONDS, self.next_try(now)), self.trouble, self.workspace)

    def answered(self, let_through: Pass) -> None:
        """The other side answered, whatever it said: it is there."""
        if let_through is Pass.TRYING or self._away_until is None:
            self._weight, self._tries = 0, 0
            self._failing_since, self._away_until, self._trying = None, None, False

    def failed(self, let_through: Pass, later: TryLater, now: float) -> None:
        """The other side could not be asked."""
        if let_through is Pass.TRYING:
            self._trying = False
        elif self._away_until is not None:
            self._heard_late(later, now)
            return
        if self._failing_since is None:
            self._failing_since = now
        self._weight += WEIGHTS.get(later.trouble, 1)
        self.trouble = later.trouble
        asked = later.after_seconds
        if let_through is Pass.TRYING or self._weight >= OPENS_AT or asked is not None:
            self._away_until = now + (self._next_wait() if asked is None else min(asked, LONGEST_ASKED))
            self._tries += 1

    def broke_off(self, let_through: Pass) -> None:
        """The caller went away before anything was learnt: the next one may try."""
        if let_through is Pass.TRYING:
            self._trying = False

    def away_for(self, now: float) -> float | None:
        """Seconds since the first of the failures that led here; None when it is not known to be away.

        When its wait has passed a while ago and nobody has tried since, nothing is known of it any more.
        """
        if self._away_until is None or self._failing_since is None:
            return None
        known = self._trying or now - self._away_until <= LONGEST_WAIT
        return now - self._failing_since if known else None

    def next_try(self, now: float) -> float:
        """Seconds until a call is let through; 0.0 when the next one is."""
        # Two floats far from nought differ by a hair more than what was added: nobody waits longer than the longest.
        return min(LONGEST_ASKED, max(0.0, self._away_until - now)) if self._away_until is not None else 0.0

    def is_idle(self, now: float) -> bool:
        """Whether nothing would be lost by forgetting it."""
        if self._away_until is None:
            return self._weight == 0
        return not self._trying and now - self._away_until > LONGEST_ASKED

    def _heard_late(self, later: TryLater, now: float) -> None:
        """A call that began before it was away: only a longer wish to wait is news."""
        if later.after_seconds is not None and self._away_until is not None:
            self._away_until = max(self._away_until, now + min(later.after_seconds, LONGEST_ASKED))

    def _next_wait(self) -> float:
        first = FIRST_WAIT.get(self.trouble, OTHER_FIRST_WAIT)
        return min(LONGEST_WAIT, first * 2.0 ** min(self._tries, 10))
