"""What this process finds out of order: each cause is told to the log once when it begins and once when it ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from trim_bot.app.seam.log_events import LogEvent, Tell
from trim_bot.domain.outages import ANSWERED, Outage, OutagePart

QUIET_SECONDS = 30.0
"""So long all has to go well before an outage counts as over, so that one that comes and goes is told once."""
STILL_SECONDS = 60.0 * 60
"""How often an outage that goes on is told again."""
LOOK_SECONDS = 5
"""How often it should be looked what is over."""


@dataclass(slots=True)
class _Open:
    """One outage that is not over, of all places of a part that have it."""

    began_at: datetime
    began: float
    told: float
    last: tuple[str, str]
    """The cause that was met last, with where to look."""
    causes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The same by place, of every place that has it now; the newest comes last."""
    said: set[tuple[str, str]] = field(default_factory=set)
    """Every cause that was told."""
    well_since: float | None = None

    @property
    def cause(self) -> tuple[str, str]:
        """The newest cause of a place that still has it; where none has, the last one."""
        return next(reversed(self.causes.values()), self.last)


class Outages:
    """All that is out of order now. May be told from any thread.

    `real` gives real time (UTC), `monotonic` seconds of a clock that nobody sets.
    """

    def __init__(
        self,
        say: Tell,
        real: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say = say
        self._real = real
        self._monotonic = monotonic
        self._open: dict[tuple[OutagePart, bool], _Open] = {}
        self._lock = Lock()

    def began(
        self, part: OutagePart, cause: str, look_at: str = "", *, place: str = "", seconds: float = 0.0
    ) -> None:
        """A part does not work, for so many seconds already. Told again and again, it is one outage.

        `place` is one of several that count as one part, such as a workspace.
        """
        refused = cause in ANSWERED
        now = self._monotonic()
        with self._lock:
            if refused:
                # Whoever refuses has answered.
                self._leave(part, place, now, refused=False)
            one = self._open.get((part, refused))
            if one is None:
                began_at = self._real() - timedelta(seconds=seconds)
                one = self._open[part, refused] = _Open(began_at, now - seconds, now, (cause, look_at))
            one.well_since = None
            news = (cause, look_at) not in one.said
            one.said.add((cause, look_at))
            # The newest comes last.
            one.causes.pop(place, None)
            one.causes[place] = one.last = (cause, look_at)
        if news:
            self._say(LogEvent.OUTAGE, about=_words(part, cause, look_at))

    def went_well(self, part: OutagePart, place: str = "") -> None:
        """A part did what was asked of it."""
        with self._lock:
            for refused in (False, True):
                self._leave(part, place, self._monotonic(), refused=refused)

    async def look(self) -> None:
        """Say what is over, and once an hour what is not."""
        now = self._monotonic()
        lines: list[tuple[LogEvent, str]] = []
        with self._lock:
            for (part, refused), one in list(self._open.items()):
                cause, look_at = one.cause
                if one.well_since is not None and now - one.well_since >= QUIET_SECONDS:
                    del self._open[part, refused]
                    lasted = f"after {round(one.well_since - one.began)} s"
                    lines.append((LogEvent.OUTAGE_OVER, f"{_words(part, cause)} {lasted}"))
                elif one.well_since is None and now - one.told >= STILL_SECONDS:
                    one.told = now
                    lasts = f"for {round(now - one.began)} s"
                    lines.append((LogEvent.OUTAGE_LASTS, f"{_words(part, cause, look_at)} {lasts}"))
        for event, about in lines:
            self._say(event, about=about)

    def now(self) -> tuple[Outage, ...]:
        """Everything that is out of order, the longest first; what works again stays until that has lasted."""
        with self._lock:
            found = [Outage(part, *one.cause, one.began_at) for (part, _), one in self._open.items()]
        return tuple(sorted(found, key=lambda outage: outage.began_at))

    def places(self) -> dict[OutagePart, tuple[str, ...]]:
        """Where each part is out of order."""
        found: dict[OutagePart, tuple[str, ...]] = {}
        with self._lock:
            for (part, _), one in self._open.items():
                found[part] = (*found.get(part, ()), *sorted(one.causes))
        return found

    def _leave(self, part: OutagePart, place: str, now: float, *, refused: bool) -> None:
        one = self._open.get((part, refused))
        if one is None or place not in one.causes:
            return
        one.last = one.causes.pop(place)
        if not one.causes:
            one.well_since = now


def _words(part: OutagePart, cause: str, look_at: str = "") -> str:
    return " ".join(word for word in (part.value, cause, look_at) if word)
