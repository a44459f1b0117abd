"""The worker beside `serve`: opened, stopped in order, and opened anew when its keyring was rotated."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.watch.not_ready import NotReady
from trim_bot.app.watch.not_ready_words import look_at
from trim_bot.bootstrap.alerts import make_alerting
from trim_bot.bootstrap.process_log import tell
from trim_bot.bootstrap.readiness import reason_of, store_of
from trim_bot.bootstrap.running import Running, open_running
from trim_bot.bootstrap.serving import OPEN_AGAIN_SECONDS
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.settings.environment import LINK, Settings

Pause = Callable[[float], Awaitable[object]]
"""Waits so many seconds."""


class Worker:
    """One process that does what is due, until `ended` is set. `pause` waits between two tries to open it again."""

    def __init__(self, settings: Settings, ended: asyncio.Event, *, pause: Pause = asyncio.sleep) -> None:
        self.running: Running | None = None
        """What does the work; None while it is not open. It shows no sign of life then, and so counts as gone."""
        self._settings = settings
        self._ended = ended
        self._pause = pause
        self._alerting = make_alerting(settings)
        self._closed_for = ""

    async def work(self) -> None:
        """Do what is due. Raises what `open_running` raises where it cannot be opened the first time."""
        self.running = await self._open()
        while not self._ended.is_set():
            if self.running is None:
                await self._first_of(self._pause(OPEN_AGAIN_SECONDS))
                if not self._ended.is_set():
                    await self._try_again()
            else:
                await self._first_of(self.running.outdated.wait())
                if self.running.outdated.is_set() and not self._ended.is_set():
                    self._say_closed(NotReady.KEYS_WRONG)
                    await self._close()
                    await self._try_again()
        await self._close()

    async def _open(self) -> Running:
        running = await open_running(
            self._settings,
            link=self._settings.public_url or LINK,
            with_worker=True,
            answers=False,
            alerting=self._alerting,
        )
        try:
            await running.start()
        except BaseException:
            await running.stop()
            raise
        self._closed_for = ""
        tell(LogEvent.WORKER)
        return running

    async def _try_again(self) -> None:
        try:
            self.running = await self._open()
        except SafeError as error:
            database = error.database if isinstance(error, StoreUnavailable) else ""
            self._say_closed(reason_of(error), store_of(database, self._settings))

    def _say_closed(self, reason: NotReady, store: str = "") -> None:
        about = " ".join(filter(None, (reason.value, look_at(reason, store))))
        if about != self._closed_for:
            tell(LogEvent.CLOSED, about=about)
        self._closed_for = about

    async def _close(self) -> None:
        running, self.running = self.running, None
        if running is not None:
            await running.stop()

    async def _first_of(self, waited: Awaitable[object]) -> None:
        """Wait for this, or until the worker is to end."""
        tasks = [asyncio.ensure_future(waited), asyncio.ensure_future(self._ended.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
