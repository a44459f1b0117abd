"""Asks at regular intervals whether anything is due; what is due, and what was done, the database knows."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

BEAT = "beat"
BEAT_SECONDS = 5
JITTER_SECONDS = 1

Work = Callable[[], Awaitable[object]]
"""Something to do; it polls state, so that a missed call costs only lateness."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Something done every so many seconds, and once at the start."""

    name: str
    work: Work
    seconds: int


class Ticker:
    """Runs the beat every few seconds and at each `wake`, every sweep in its own time, none twice at once.

    `failed` is told the name of what failed and the error; it is then tried again at the next interval.
    """

    def __init__(
        self,
        beat: Work,
        sweeps: Sequence[Sweep],
        failed: Callable[[str, Exception], None],
        *,
        seconds: int = BEAT_SECONDS,
    ) -> None:
        self._beat_work = beat
        self._sweeps = list(sweeps)
        self._failed = failed
        self._seconds = seconds
        self._woken = False
        self._running: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._ended_at: float | None = None
        # It says at every skipped tick that it was skipped, which is what it is set to do.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            timezone=UTC,
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )

    @property
    def age_seconds(self) -> float | None:
        """Seconds of real time since the last beat that went well; None before the first."""
        return None if self._ended_at is None else time.monotonic() - self._ended_at

    @property
    def sweeps(self) -> frozenset[str]:
        """The names of every sweep."""
        return frozenset(sweep.name for sweep in self._sweeps)

    def add(self, sweep: Sweep) -> None:
        """One more sweep; before `start`."""
        self._sweeps.append(sweep)

    def start(self) -> None:
        """Begin, in the running loop, with everything once."""
        now = datetime.now(UTC)
        self._scheduler.add_job(
            self._beat, "interval", id=BEAT, seconds=self._seconds, jitter=JITTER_SECONDS, next_run_time=now
        )
        for sweep in self._sweeps:
            self._scheduler.add_job(
                self._sweep,
                "interval",
                args=[sweep],
                id=sweep.name,
                seconds=sweep.seconds,
                jitter=sweep.seconds // 20 or None,
                next_run_time=now,
            )
        self._scheduler.start()

    def wake(self) -> None:
        """Let the beat run now, or once more if it is running; called in the loop."""
        self._woken = True
        if self._scheduler.running and BEAT not in self._running:
            self._scheduler.modify_job(BEAT, next_run_time=datetime.now(UTC))

    async def stop(self) -> None:
        """Begin nothing new, and wait for what is running."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        await self._idle.wait()
        self._scheduler.shutdown(wait=False)

    async def _beat(self) -> None:
        self._woken = True
        while self._woken:
            self._woken = False
            if not await self._run(BEAT, self._beat_work):
                return
            self._ended_at = time.monotonic()

    async def _sweep(self, sweep: Sweep) -> None:
        await self._run(sweep.name, sweep.work)

    async def _run(self, name: str, work: Work) -> bool:
        self._running.add(name)
        self._idle.clear()
        try:
            await work()
        except Exception as error:  # noqa: BLE001 (one failure must not end the clock; it is reported)
            self._failed(name, error)
            return False
        finally:
            self._running.discard(name)
            if not self._running:
                self._idle.set()
        return True
