"""The two times of the desk: real time, and business time, which in practice is moved by hand."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from trim_bot.storage.deployment_notes import Notes

NOTE = "practice_clock"
"""The name under which moved business time is kept."""


def real_now() -> datetime:
    """Real time, UTC."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds of a clock that nobody sets; only differences mean anything."""
    return time.monotonic()


class RealClock:
    """The port `Clock` where business time is real time."""

    def now(self) -> datetime:
        """Business time, UTC."""
        return real_now()

    def real(self) -> datetime:
        """Real time, UTC."""
        return real_now()


class MovableClock:
    """The port `Clock` whose business time stands still until it is moved. Real time is always real."""

    def __init__(self, start: datetime, notes: Notes) -> None:
        """`start` is aware."""
        self._now = start.astimezone(UTC)
        self._notes = notes

    @staticmethod
    async def kept(notes: Notes) -> MovableClock:
        """The clock as it stood before a restart; at first it stands at real time, to the second."""
        held = await notes.get(NOTE)
        if held is not None:
            return MovableClock(datetime.fromisoformat(held), notes)
        clock = MovableClock(real_now().replace(microsecond=0), notes)
        await clock.set(clock.now())
        return clock

    def now(self) -> datetime:
        """Business time, UTC."""
        return self._now

    def real(self) -> datetime:
        """Real time, UTC."""
        return real_now()

    async def set(self, to: datetime) -> None:
        """Move business time on to an aware time, and keep it. Raises ValueError when that is backwards."""
        moved = to.astimezone(UTC)
        if moved < self._now:
            raise ValueError("business time moves forwards only")
        await self._notes.put(NOTE, moved.isoformat())
        self._now = moved
