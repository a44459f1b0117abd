"""Practice without a cast: the movable clock, and the chats of whoever uses the browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from integrations.web.bare_practice import BarePractice, PracticeMessenger
from integrations.web.ports import Practice
from trim_bot.app.clock.clocks import MovableClock
from trim_bot.bootstrap.deployment import Deployment


@dataclass(frozen=True, slots=True)
class PracticeParts:
    """What a practice workspace is built from."""

    deployment: Deployment
    clock: MovableClock
    messenger: PracticeMessenger
    drain: Callable[[], Awaitable[int]]
    """Does all that is due by business time; how many things ran."""
    look_up_slug: Callable[[], Awaitable[None]]
    """To be awaited after an organisation was made."""


MakePractice = Callable[[PracticeParts], Awaitable[Practice]]
"""Builds a practice workspace, with whatever it puts into the store."""


async def bare_practice(parts: PracticeParts) -> Practice:
    """Practice with nobody in it."""
    return BarePractice(parts.clock, parts.messenger, parts.drain)
