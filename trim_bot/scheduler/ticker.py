"""Asks at regular intervals whether anything is due; what is due, and what was done, the database knows."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

BEAT = "beat"
URGENT = "urgent"
BEAT_SECONDS = 5
URGENT_SECONDS = 2
JITTER_SECONDS = 1
LONG_SECONDS = 10 * 60.0
"""A sweep that has run for so long, and for twice its interval, hangs."""

Work = Callable[[], Awaitable[object]]
"""Something to do; it polls state, so that a missed call costs only lateness."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Something done every so many seconds, and once at the start or `first` seconds after it."""

    name: str
    work: Work
    seconds: int
    first: int = 0


class Ticker:
    """Runs the beats every few seconds and at each `wake`, every sweep in its own time, none twice at once.

    A beat that answers True has more to do, and follows at once. `urgent` beats beside the other, so that what is
    urgent waits for nothing else. `failed` is told the name of what failed and the error; it is then tried again at
    the next interval.
    """

    def __init__(
        self,
        beat: Work,
        sweeps: Sequence[Sweep],
        failed: Callable[[str, Exception], None],
        *,
        seconds: int = BEAT_SECONDS,
        urgent: Work | None = None,
        urgent_seconds: int = URGENT_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._beats = {BEAT: (beat, seconds)} | ({URGENT: (urgent, urgent_seconds)} if urgent else {})
        self._sweeps = list(sweeps)
        self._failed = failed
        self._woken: set[str] = set()
        self._running: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._monotonic = monotonic
        self._ended_at: dict[str, float] = {}
        self._sweeping: dict[str, tuple[float, float]] = {}
        """Of each sweep that runs: when it began, and after how many seconds it hangs."""
        self._stopping = False
        # It says at every skipped tick that it was skipped, which is what it is set to do.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            timezone=UTC,
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )

    @property
    def age_seconds(self) -> float | None:
        """Seconds since all was as it should be: since each beat went well, and no sweep hung.

        None before each beat has gone well once.
        """
        if self._ended_at.keys() != self._beats.keys():
            return None
        now = self._monotonic()
        hung = [now - began for began, longest in self._sweeping.values() if now - began > longest]
        return max([now - min(self._ended_at.values()), *hung])

    @property
    def sweeps(self) -> frozenset[str]:
        """The names of every sweep."""
        return frozenset(sweep.name for sweep in self._sweeps)

    def add(self, sweep: Sweep) -> None:
        """One more sweep; before `start`."""
        self._sweeps.append(sweep)

    def start(self) -> None:
        """Begin, in the running loop, with everything once that does not come later."""
        now = datetime.now(UTC)
        for name, (_, seconds) in self._beats.items():
            self._scheduler.add_job(
                self._beat,
                "interval",
                args=[name],
                id=name,
                seconds=seconds,
                jitter=JITTER_SECONDS,
                next_run_time=now,
            )
        for sweep in self._sweeps:
            self._scheduler.add_job(
                self._sweep,
                "interval",
                args=[sweep],
                id=sweep.name,
                seconds=sweep.seconds,
                jitter=sweep.seconds // 20 or None,
                next_run_time=now + timedelta(seconds=sweep.first),
            )
        self._scheduler.start()

    def wake(self) -> None:
        """Let every beat run now, or once more if it is running; called in the loop."""
        self._woken |= set(self._beats)
        for name in self._beats:
            if self._scheduler.running and name not in self._running:
                self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    async def stop(self) -> None:
        """Begin nothing new, and wait for what is running."""
        if not self._scheduler.running:
            return
        self._stopping = True
        self._scheduler.pause()
        await self._idle.wait()
        self._scheduler.shutdown(wait=False)

    async def _beat(self, name: str) -> None:
        work, _ = self._beats[name]
        more = True
        while more or name in self._woken:
            self._woken.discard(name)
            went_well, answer = await self._run(name, work)
            if not went_well:
                return
            more = answer is True and not self._stopping
            self._ended_at[name] = self._monotonic()

    async def _sweep(self, sweep: Sweep) -> None:
        self._sweeping[sweep.name] = (self._monotonic(), max(LONG_SECONDS, 2.0 * sweep.seconds))
        try:
            await self._run(sweep.name, sweep.work)
        finally:
            del self._sweeping[sweep.name]

    async def _run(self, name: str, work: Work) -> tuple[bool, object]:
        """Whether it went well, and what it answered."""
        self._running.add(name)
        self._idle.clear()
        try:
            return True, await work()
        except Exception as error:  # noqa: BLE001 (one failure must not end the clock; it is reported)
            self._failed(name, error)
            return False, None
        finally:
            self._running.discard(name)
            if not self._running:
                self._idle.set()


class Bell:
    """Rings the ticker, which is made after the desk that rings it."""

    def __init__(self) -> None:
        self.ticker: Ticker | None = None

    def ring(self) -> None:
        """Something was queued."""
        if self.ticker is not None:
            self.ticker.wake()


def without_worker(failed: Callable[[str, Exception], None]) -> Ticker:
    """One for sweeps alone, in a process beside which another does what is due."""

    async def nothing() -> None:
        """There is nothing to look at."""

    return Ticker(nothing, (), failed)
