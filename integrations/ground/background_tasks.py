"""Work that goes on after a platform has its answer, kept in sight so that it can be waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

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
