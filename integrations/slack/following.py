"""What follows an ack: the page the desk answers with, before the trigger dies or on top of a neutral one."""

from __future__ import annotations

import asyncio

from integrations.ground.background_tasks import Tasks
from integrations.slack.pages import Pace, Pages, nothing_more
from integrations.slack.payloads import Arrival, Shown
from integrations.slack.render import notice
from trim_bot.app.seam.views import Nothing, View
from trim_bot.app.words import adapter_words as words


class Following:
    """One command or press on its way to a page. One task and one timer until something is to be shown."""

    def __init__(self, arrival: Arrival, pages: Pages, tasks: Tasks, pace: Pace) -> None:
        self._arrival = arrival
        self._pages = pages
        self._tasks = tasks
        self._neutral: asyncio.Task[Shown | None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        if arrival.modal is None:
            self._timer = asyncio.get_running_loop().call_later(pace.opening, self._late)
        tasks.start(pages.receive(arrival)).add_done_callback(self._answered)

    def _late(self) -> None:
        page = notice(words.OPENING_TITLE, words.OPENING)
        self._neutral = self._tasks.start(self._pages.open(self._arrival, page))

    def _answered(self, receiving: asyncio.Task[View]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if receiving.cancelled():
            return
        empty = receiving.exception() is None and isinstance(receiving.result(), Nothing)
        if not empty or self._neutral is not None:
            # In a task, so that whatever goes wrong is reported and never logged.
            self._tasks.start(self._show(receiving))

    async def _show(self, receiving: asyncio.Task[View]) -> None:
        page = self._pages.page(receiving) or nothing_more()
        shown = self._arrival.modal
        if self._neutral is not None:
            await asyncio.wait({self._neutral})
            failed = self._neutral.cancelled() or self._neutral.exception() is not None
            shown = None if failed else self._neutral.result()
            if shown is None:
                return
        if shown is None:
            await self._pages.open(self._arrival, page)
        else:
            await self._pages.update(self._arrival.team, shown, page)
