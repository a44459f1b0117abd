"""Plays every step in order on a desk of its own, and stops at the first that goes wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from integrations.web.ports import Practice
from trim_bot.bootstrap.practice import PracticeParts
from trim_bot.bootstrap.running import open_running
from trim_bot.domain.errors import SafeError
from trim_bot.domain.site import Site
from trim_bot.domain.zones import at_local
from trim_bot.practice.history import acting_for
from trim_bot.practice.organisation import MORNING, working_moment
from trim_bot.practice.story import event_to_close, requests_to_erasure
from trim_bot.practice.story.step_context import StepContext, Teller
from trim_bot.practice.workspace import Workspace, practice_ground, quiet_workspace

Step = Callable[[StepContext], Awaitable[None]]
LINK = "http://127.0.0.1:8000"
STEPS: tuple[tuple[str, Step], ...] = (
    *event_to_close.STEPS,
    *requests_to_erasure.STEPS,
)


async def play(teller: Teller) -> bool:
    """Whether the whole story happened. What it wrote is removed afterwards."""
    with practice_ground(LINK) as (folder, settings):
        made: list[tuple[PracticeParts, Workspace]] = []

        async def make(parts: PracticeParts) -> Practice:
            workspace = await quiet_workspace(parts, three_days_of_work)
            made.append((parts, workspace))
            return workspace

        running = await open_running(settings, link=LINK, with_worker=False, make_practice=make)
        try:
            [(parts, workspace)] = made
            acting = acting_for(parts, parts.clock, parts.messenger, parts.drain)
            teller.note(f"It is {workspace.spoken()}. Everybody here is made up.")
            context = StepContext(running, workspace, workspace.organisation, acting, folder, teller)
            return await _steps(context)
        finally:
            await running.stop()


def three_days_of_work(site: Site, instant: datetime) -> datetime:
    """The first morning after an instant (aware), before anybody's message of the day, with three days of work after
    its own, so that day 3 is day 3; UTC.
    """
    day = instant.astimezone(ZoneInfo(site.zone)).date()
    while True:
        begin = at_local(day, MORNING, site.zone)
        days = [begin + timedelta(days=ahead) for ahead in range(4)]
        if begin > instant and all(working_moment(site, at).date() == at.date() for at in days):
            return begin
        day += timedelta(days=1)


async def _steps(context: StepContext) -> bool:
    for number, (name, step) in enumerate(STEPS, 1):
        try:
            await step(context)
        except SafeError as error:
            context.teller.failed(number, name, str(error))
            return False
        context.teller.passed(number, name)
    return True
