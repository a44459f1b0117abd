"""The policy of every way out: a total time, a circuit breaker for each place, and what an answer says of time: one
file, since each call goes through all of it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import TypeVar
from urllib.parse import urlsplit

from trim_bot.domain.chat_workspaces import UnreachableWorkspace
from trim_bot.domain.errors import SafeError, Trouble, TryLater

T = TypeVar("T")
TOTAL_SECONDS = 10.0
"""What any call may take from its beginning to the last byte of its answer."""
INTERACTIVE_SECONDS = 2.0
"""What a call may take while somebody looks at an empty screen: both platforms give up after 3 to 5 seconds."""
MOST_PLACES = 2_000


Heard = Callable[[str, TryLater | None, float], None]
"""Told the place that is away, why and for how many seconds; or that it answered again, with None."""


def nobody_hears(_place: str, _later: TryLater | None, _seconds: float) -> None:
    """Nobody wants to know."""


class OutgoingCalls:
    """The breakers of one process, by place. `monotonic` gives seconds; tests bring their own.

    `longest` bounds every call, whatever the caller allows it. `heard` is told of each place that is away.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        longest: float = TOTAL_SECONDS,
        heard: Heard = nobody_hears,
    ) -> None:
        self._monotonic = monotonic
        self._longest = longest
        self.heard = heard
        """May be told by whoever has no breaker here, too."""
        self._places: dict[str, Breaker] = {}

    async def ask(
        self,
        place: str,
        call: Callable[[], Awaitable[T]],
        seconds: float = TOTAL_SECONDS,
        *,
        workspace: str = "",
    ) -> T:
        """Make one call, unless the place is away.

        `workspace` is told with every TryLater, where the place is a workspace. A TryLater of the call counts as a
        failure of the place, any other SafeError as an answer. Raises both, and TryLater for a call that takes long.
        """
        breaker = self._at(place, workspace)
        with passing(breaker, self._monotonic, lambda later, away: self.heard(place, later, away)):
            try:
                async with asyncio.timeout(min(seconds, self._longest)):
                    return await call()
            except TimeoutError:
                raise TryLater(trouble=Trouble.SLOW) from None

    def look(self, place: str) -> None:
        """Raise TryLater at once where a call would fail at once, before anything is done for it."""
        if (breaker := self._places.get(place)) is not None:
            breaker.look(self._monotonic())

    def forget(self, place: str) -> None:
        """Begin anew with a place: it was mended just now."""
        if self._places.pop(place, None) is not None:
            self.heard(place, None, 0.0)

    def away(self) -> tuple[UnreachableWorkspace, ...]:
        """The workspaces known to be away, each once, the longest away first.

        One that only asks to wait with the calls of a way of their own is there for all others.
        """
        now = self._monotonic()
        known = [
            UnreachableWorkspace(one.workspace, one.trouble, seconds, one.next_try(now))
            for place, one in self._places.items()
            if one.workspace
            and (place == one.workspace or one.trouble is not Trouble.ASKED_TO_WAIT)
            and (seconds := one.away_for(now)) is not None
        ]
        found: dict[str, UnreachableWorkspace] = {}
        for one in sorted(known, key=lambda one: -one.seconds):
            found.setdefault(one.workspace, one)
        return tuple(found.values())

    def _at(self, place: str, workspace: str) -> Breaker:
        if place not in self._places and len(self._places) >= MOST_PLACES:
            now = self._monotonic()
            self._places = {name: one for name, one in self._places.items() if not one.is_idle(now)}
        return self._places.setdefault(place, Breaker(workspace))


@contextmanager
def passing(
    breaker: Breaker,
    monotonic: Callable[[], float] = time.monotonic,
    heard: Callable[[TryLater | None, float], None] = lambda later, seconds: None,
) -> Iterator[None]:
    """Do something on a way out, and let its breaker learn from how it ends. Raises TryLater while it is away.

    `heard` is told while it is away, why and for how many seconds; and when it answers after a failure.
    """
    let_through = breaker.enter(monotonic())
    was_well = breaker.is_well
    try:
        yield
    except TryLater as later:
        now = monotonic()
        breaker.failed(let_through, later, now)
        if (away := breaker.away_for(now)) is not None:
            heard(later, away)
        later.after_seconds = breaker.next_try(now) or None
        later.workspace = later.workspace or breaker.workspace
        raise
    except SafeError:
        breaker.answered(let_through)
        if breaker.is_well and not was_well:
            heard(None, 0.0)
        raise
    except BaseException:
        breaker.broke_off(let_through)
        raise
    else:
        breaker.answered(let_through)
        if breaker.is_well and not was_well:
            heard(None, 0.0)


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
    at: str = ""
    """The host that could not be asked last."""
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
            raise TryLater(max(TRY_SECONDS, self.next_try(now)), self.trouble, self.workspace, self.at)

    @property
    def is_well(self) -> bool:
        """Whether nothing failed since the last answer."""
        return self._weight == 0 and self._away_until is None

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
        self.trouble, self.at = later.trouble, later.at
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


MOST_LETTERS = 40


def date_in(header: object) -> datetime | None:
    """The time in a `Date` header, UTC; None where there is none that can be read."""
    if not isinstance(header, str) or len(header) > MOST_LETTERS:
        return None
    try:
        said = parsedate_to_datetime(header)
        return (said if said.tzinfo is not None else said.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def seconds_in(header: object) -> float | None:
    """The wish to wait in a `Retry-After` that is a number of seconds; None where it is no such number."""
    if not isinstance(header, str) or not (header.isascii() and header.isdigit() and len(header) < 10):
        return None
    return float(header)


def is_loopback(url: str) -> bool:
    """Whether an address names this machine."""
    return is_loopback_host(urlsplit(url).hostname or "")


def is_loopback_host(host: str) -> bool:
    """Whether a host, without its port, is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
