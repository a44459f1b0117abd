"""What time it truly is, what the machine's clock says instead, and a loop that jumps to the next thing to do."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from trim_bot.storage import write_queue

BEGIN = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)
"""A Monday before the clocks of Europe, America and Australia change, each on a day of its own."""


@dataclass
class WorldTime:
    """True time, which only goes forwards, and how wrong the clock of our machine is."""

    true: datetime = BEGIN
    wrong_by: timedelta = timedelta()
    booted: datetime = field(default=BEGIN)

    @property
    def shown(self) -> datetime:
        """What the machine's clock says."""
        return self.true + self.wrong_by

    @property
    def seconds(self) -> float:
        """True seconds since the machine was started: what no clock that is put right can change."""
        return (self.true - self.booted).total_seconds()

    def reach(self, seconds: float) -> None:
        """Let true time go on to just after so many seconds; never back."""
        self.true = max(self.true, self.booted + timedelta(seconds=seconds) + timedelta.resolution)


class Stuck(BaseException):
    """Everybody waits and nothing will ever happen."""


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop without waiting: when nobody can go on, true time jumps to the next timer.

    What would run in a thread runs at once, so that a run from one seed is the same run again; what is written, once
    everybody who can go on now has done so, so that they write together.
    """

    _scheduled: list[Any]
    """Timers, soonest first; this and the next three belong to the loop of the standard library."""
    _timer_cancelled_count: int
    _ready: deque[Any]
    _stopping: bool

    def __init__(self, time: WorldTime) -> None:
        self._world = time
        super().__init__()

    def time(self) -> float:
        """Seconds of true time, which is what timers count."""
        return self._world.seconds

    def run_in_executor(self, executor: object, func: Any, *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]  # here and now
        """Run it here and now."""
        future: asyncio.Future[Any] = self.create_future()
        try:
            future.set_result(func(*args))
        except BaseException as error:  # noqa: BLE001 - a kill has to reach whoever waits
            future.set_exception(error)
        return future

    def _run_once(self) -> None:
        waiting = self._scheduled
        while waiting and waiting[0]._cancelled:
            heapq.heappop(waiting)._scheduled = False
            self._timer_cancelled_count -= 1
        if not self._ready and not self._stopping:
            if not waiting:
                raise Stuck
            self._world.reach(waiting[0]._when)
        super()._run_once()  # type: ignore[misc]  # the library names it nowhere


class WriterOfTheLoop:
    """Stands for the thread that writes: it begins when whoever could go on in this moment has put what they write."""

    def __init__(self, *_: object, **__: object) -> None:
        """It takes what the thread would."""

    def submit(self, work: Callable[[], None]) -> None:
        """Do some work soon."""
        asyncio.get_running_loop().call_soon(work)

    def shutdown(self) -> None:
        """Whoever still waits was cancelled, and is passed over."""


@contextmanager
def jumping(time: WorldTime) -> Iterator[JumpingLoop]:
    """A loop of this time, closed afterwards."""
    loop = JumpingLoop(time)
    # What a process left behind when it ended is nobody's to collect.
    loop.set_exception_handler(lambda _loop, _context: None)
    asyncio.set_event_loop(loop)
    try:
        with patch.object(write_queue, "ThreadPoolExecutor", WriterOfTheLoop):
            yield loop
    finally:
        asyncio.set_event_loop(None)
        loop.close()
