"""Work around a waiting platform: tried again while a person waits, or gone on with once the platform has
its answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeVar

import stamina
from stamina.instrumentation import set_on_retry_hooks

from trim_bot.domain.errors import TryLater

T = TypeVar("T")


class Tasks:
    """The running follow-ups. One that ends in an exception is reported by `failed` and never logged."""

    def __init__(self, failed: Callable[[BaseException], None]) -> None:
        self._failed = failed
        self._running: set[asyncio.Task[object]] = set()

    def start(self, work: Coroutine[object, object, T]) -> asyncio.Task[T]:
        """Run something now and keep hold of it until it ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[T]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error)

    async def drain(self) -> None:
        """Wait until nothing is running, including what is started meanwhile. Raises nothing of theirs."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def stop(self, seconds: float) -> None:
        """Wait for at most `seconds`, then cancel what is left."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=seconds)
        for task in set(self._running):
            task.cancel()
        await self.drain()


FIRST_WAIT, LONGEST_WAIT = 0.5, 2.0
LONGEST_WISH = 5.0
"""Nobody sits in front of a page for longer than this, in seconds: a longer wish ends the trying."""
MARGIN = 0.05
"""Two clocks of one machine may differ by so much, in seconds."""

# What a call was made with must reach no log.
set_on_retry_hooks(())


async def try_again(call: Callable[[], Awaitable[T]], attempts: int, on: type[TryLater] = TryLater) -> T:
    """The answer of a call that is made up to so many times; only errors of kind `on` are worth another try.

    `on` must be one after which nothing can have happened yet, unless the call may happen twice. Raises what the
    last try raised.
    """

    def wish(error: Exception) -> bool | float:
        return wait_for(error) if isinstance(error, on) else False

    async for attempt in stamina.retry_context(
        on=wish,
        attempts=attempts,
        timeout=None,
        wait_initial=FIRST_WAIT,
        wait_max=LONGEST_WAIT,
        wait_jitter=0.0,
    ):
        with attempt:
            return await call()
    raise AssertionError("the last try returns or raises")


def wait_for(later: TryLater) -> bool | float:
    """Seconds to wait; True for the usual ones, False where it is not worth it."""
    if later.after_seconds is None:
        return True
    return later.after_seconds + MARGIN if later.after_seconds <= LONGEST_WISH else False
