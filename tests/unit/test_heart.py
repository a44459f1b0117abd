"""Each process notices when nobody does the other's part any more, and gives it time to come back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from tests.builders import MONDAY
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.watch.heart import BLIND_SECONDS, Heart
from trim_bot.app.watch.outages import QUIET_SECONDS, Outages
from trim_bot.app.watch.sends import SendMinutes
from trim_bot.bootstrap.readiness import outage_words
from trim_bot.domain.process_beats import GONE_AFTER, Beat, ProcessRole, Pulse

GONE = GONE_AFTER.total_seconds()


@dataclass
class Others:
    """The beats of the other processes, by one clock that is moved by hand."""

    seconds: float = 0.0
    beats: list[Beat] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return MONDAY + timedelta(seconds=self.seconds)

    async def late(self, now: datetime) -> tuple[float | None, float | None]:
        return None, None

    async def put(self, beat: Beat, age: timedelta, up: timedelta) -> Pulse:
        return Pulse(self.now(), tuple(self.beats))

    def tell(self, event: LogEvent, error: BaseException | None = None, about: str = "") -> str:
        self.told.append(about)
        return ""

    def heart(self, role: ProcessRole) -> Heart:
        outages = Outages(self.tell, self.now, self.monotonic)
        return Heart(self, role, lambda: 0.0, outages, SendMinutes(), monotonic=self.monotonic)

    def shows(self, role: ProcessRole) -> None:
        self.beats = [Beat("other", role, "1", self.now(), self.now())]


async def beating(others: Others, heart: Heart, seconds: float) -> Sequence[str]:
    """Beat for so long; which parts are out of order then."""
    steps = int(seconds // BLIND_SECONDS) + 1
    for _ in range(steps):
        others.seconds += seconds / steps
        await heart.beat()
        await heart._outages.look()
    return [one.cause for one in heart.wrong()]


@pytest.mark.parametrize(
    ("watching", "gone", "cause", "says"),
    [
        (ProcessRole.WEB, ProcessRole.WORKER, "worker_gone", "Start trim-bot worker"),
        (ProcessRole.WORKER, ProcessRole.WEB, "web_gone", "Start trim-bot serve"),
    ],
)
def test_whoever_is_gone_is_told_by_whoever_is_left(
    watching: ProcessRole, gone: ProcessRole, cause: str, says: str
) -> None:
    async def live() -> None:
        others = Others()
        heart = others.heart(watching)
        others.shows(gone)
        await heart.beat()
        assert await beating(others, heart, GONE - 1) == []
        assert await beating(others, heart, 2) == [cause]
        [wrong] = heart.wrong()
        assert wrong.began_at == MONDAY
        assert says in outage_words(wrong)
        others.shows(gone)
        # One that could not look for long gives it its time anew; it came back meanwhile.
        assert await beating(others, heart, QUIET_SECONDS + 1) == [cause]
        assert await beating(others, heart, QUIET_SECONDS + 1) == []

    asyncio.run(live())


def test_where_nobody_ever_answered_people_a_worker_misses_nobody() -> None:
    async def live() -> None:
        others = Others()
        assert await beating(others, others.heart(ProcessRole.WORKER), GONE * 2) == []

    asyncio.run(live())
