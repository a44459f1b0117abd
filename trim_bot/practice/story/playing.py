"""Plays every step in order on a desk of its own, and stops at the first that goes wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from integrations.web.ports import Practice
from trim_bot.bootstrap.practice import PracticeParts
from trim_bot.bootstrap.running import open_running
from trim_bot.domain.errors import SafeError
from trim_bot.practice.history import acting_for
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
            workspace = await quiet_workspace(parts)
            made.append((parts, workspace))
            return workspace

        running = await open_running(settings, link=LINK, with_worker=False, make_practice=make)
        try:
            [(parts, workspace)] = made
            acting = acting_for(parts, parts.clock, parts.messenger, parts.drain)
            await _wait_for_three_days_of_work(workspace)
            teller.note(f"It is {workspace.spoken()}. Everybody here is made up.")
            context = StepContext(running, workspace, workspace.organisation, acting, folder, teller)
            return await _steps(context)
        finally:
            await running.stop()


async def _wait_for_three_days_of_work(workspace: Workspace) -> None:
    """Begin where the next three days are worked too, so that day 3 is day 3."""
    begin = workspace.now()
    while any(
        workspace.working(begin + timedelta(days=ahead)) != begin + timedelta(days=ahead)
        for ahead in (1, 2, 3)
    ):
        begin = workspace.working(begin + timedelta(days=1))
    await workspace.move(begin)


async def _steps(context: StepContext) -> bool:
    for number, (name, step) in enumerate(STEPS, 1):
        try:
            await step(context)
        except SafeError as error:
            context.teller.failed(number, name, str(error))
            return False
        context.teller.passed(number, name)
    return True
