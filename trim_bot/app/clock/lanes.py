"""One lane for each workspace: what waits in it goes out a few at a time, and a dead or hanging one delays no other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from trim_bot.domain.errors import TryLater
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import Outgoing, Priority

AT_ONCE = 4
"""How many messages of one workspace are on their way together; its adapter keeps to the platform's pace."""
MOST_IN_A_LANE = 400
AWAY_AFTER = 3
"""After so many messages in a row that a workspace did not take, the others of it wait."""
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)
"""How long a workspace that says nothing of its own is left alone before it is tried again."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One claimed message, and whose it is."""

    organisation: Organisation
    outgoing: Outgoing

    @property
    def urgent(self) -> bool:
        """Whether it is about somebody's safety."""
        return self.outgoing.priority is Priority.SAFETY


@dataclass(slots=True)
class Lane:
    """What waits for one workspace, and who works at it."""

    waiting: deque[Letter] = field(default_factory=deque)
    receivers: set[str] = field(default_factory=set)
    """To whom something is on its way."""
    workers: set[asyncio.Task[None]] = field(default_factory=set)


@dataclass(slots=True)
class Away:
    """What is known of a workspace that did not take a message."""

    in_a_row: int = 0
    until: datetime | None = None


class Lanes:
    """Works through every lane beside the others. Calls for safety have lanes of their own."""

    def __init__(self, deal_with: Callable[[str, Letter], Awaitable[None]]) -> None:
        self._deal_with = deal_with
        self._lanes: dict[tuple[str, bool], Lane] = {}
        self._away: dict[str, Away] = {}

    def put(self, workspace: str, letter: Letter) -> bool:
        """Let a message go out in its turn, to one person never two together. False where too many wait."""
        lane = self._lanes.setdefault((workspace, letter.urgent), Lane())
        if len(lane.waiting) >= MOST_IN_A_LANE:
            return False
        lane.waiting.append(letter)
        if len(lane.workers) < AT_ONCE:
            worker = asyncio.create_task(self._work(workspace, lane))
            lane.workers.add(worker)
            worker.add_done_callback(lane.workers.discard)
        return True

    async def idle(self) -> None:
        """Wait until every lane is empty."""
        while workers := [worker for lane in self._lanes.values() for worker in lane.workers]:
            await asyncio.wait(workers)

    def wait_for(self, workspace: str, real: datetime) -> timedelta | None:
        """How much longer a workspace is to be left alone; None when it may be tried."""
        away = self._away.get(workspace)
        if away is None or away.until is None or away.in_a_row < AWAY_AFTER:
            return None
        left = away.until - real
        # A wait further ahead than any that is given comes of a clock that has jumped.
        return left if timedelta() < left <= timedelta(hours=1) else None

    def was_away(self, workspace: str, later: TryLater, real: datetime) -> timedelta:
        """A workspace did not take a message: for how long it is left alone now."""
        away = self._away.setdefault(workspace, Away())
        away.in_a_row = max(away.in_a_row + 1, AWAY_AFTER if later.workspace == workspace else 0)
        if later.after_seconds is not None:
            wait = timedelta(seconds=min(later.after_seconds, 3600))
        else:
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(max(away.in_a_row - AWAY_AFTER, 0), 10))
        away.until = real + wait
        return wait

    def went_well(self, workspace: str) -> None:
        """A workspace took a message."""
        self._away.pop(workspace, None)

    async def _work(self, workspace: str, lane: Lane) -> None:
        while (letter := _next_of(lane)) is not None:
            lane.receivers.add(letter.outgoing.member_id)
            try:
                await self._deal_with(workspace, letter)
            finally:
                lane.receivers.discard(letter.outgoing.member_id)


def _next_of(lane: Lane) -> Letter | None:
    """The first message that waits for somebody to whom none is on its way; whoever sends that one goes on with it."""
    for letter in lane.waiting:
        if letter.outgoing.member_id not in lane.receivers:
            lane.waiting.remove(letter)
            return letter
    return None
