"""Each process notices when nobody does the other's part any more, and gives it time to come back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import pytest

from tests.builders import MONDAY
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.watch.alert_conditions import Integrity
from trim_bot.app.watch.alert_watch import AlertWatch, DailyLook, Sources
from trim_bot.app.watch.alerting import Alerting
from trim_bot.app.watch.heart import BLIND_SECONDS, Heart
from trim_bot.app.watch.outages import QUIET_SECONDS, Outages
from trim_bot.app.watch.sends import SendMinutes
from trim_bot.bootstrap.readiness import outage_words
from trim_bot.domain.outages import OutagePart
from trim_bot.domain.process_beats import GONE_AFTER, Beat, ProcessRole, Pulse

T = TypeVar("T")
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

    async def put(self, beat: Beat, age: timedelta, up: timedelta) -> Pulse:
        return Pulse(self.now(), tuple(self.beats))

    def tell(self, event: LogEvent, error: BaseException | None = None, about: str = "") -> str:
        self.told.append(about)
        return ""

    def heart(self, role: ProcessRole, ahead: timedelta = timedelta()) -> Heart:
        def own() -> datetime:
            return self.now() + ahead

        outages = Outages(self.tell, own, self.monotonic)
        return Heart(self, role, lambda: 0.0, outages, SendMinutes(), monotonic=self.monotonic, real=own)

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


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(minutes=10), timedelta(minutes=-10)])
def test_what_a_machine_with_another_clock_finds_is_told_by_the_database_s(ahead: timedelta) -> None:
    async def live() -> None:
        others = Others()
        heart = others.heart(ProcessRole.WEB, ahead)
        heart._outages.began(OutagePart.KEYS, "disk_full", "KEYSTORE_URL")
        await heart.beat()
        assert [one.began_at for one in heart.wrong()] == [MONDAY]
        assert heart.database_ahead == -ahead
        alerting = Alerting((), others.tell, "", lambda: others.now() + ahead)
        sources = Sources(heart._outages, heart, outage_words, Integrity, nothing_daily)
        await AlertWatch(alerting, sources, NoNotes(), others.monotonic).look()
        assert (alerting.now(), alerting.alerts[0].since) == (others.now(), MONDAY)

    asyncio.run(live())


class NoNotes:
    """Notes that nobody asks for, since there is no way of telling."""

    async def get(self, name: str) -> str | None:
        raise AssertionError

    async def change(self, name: str, body: Callable[[str | None], tuple[str, T]]) -> T:
        raise AssertionError


async def nothing_daily() -> DailyLook:
    return DailyLook()
