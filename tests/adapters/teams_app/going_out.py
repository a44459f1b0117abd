"""Everything that goes out, wired to the stand-in, with time that goes by only when somebody waits."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count

import stamina

from integrations.ground.outgoing_calls import OutgoingCalls
from integrations.teams.adapter import App, Outbound, build_outbound, teams_reporter
from integrations.teams.web_api import Throttle
from tests.adapters.outages import ImpatientCalls
from tests.adapters.teams_app.fake_cloud import PASSWORD, FakeCloud, listening
from tests.adapters.teams_app.fake_teams import APP_ID, TENANT
from tests.fakes.telling import Telling
from trim_bot.app.seam.views import Message
from trim_bot.domain.people import Address, Platform
from trim_bot.locale.windows_zones import iana_zone

MESSAGE = Message("tok-open", "tok-stop")
PERSON = "33333333-cccc-4ccc-8ccc-333333333333"
TURNS = 10
"""Of the loop, before it counts as waiting."""


class SlowTime:
    """Seconds that go by only while everybody waits: the port of a monotonic clock and of waiting."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waited: list[float] = []
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    def monotonic(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._order), sleeper))
        if len(self._sleepers) == 1:
            self._settle(TURNS)
        await sleeper

    def _settle(self, turns: int) -> None:
        """Once the others have had their turns, wake who is next; again until nobody waits."""
        if turns == 0:
            until, _, sleeper = heapq.heappop(self._sleepers)
            self.now = max(self.now, until)
            if not sleeper.done():
                sleeper.set_result(None)
            turns = TURNS
        if self._sleepers:
            asyncio.get_running_loop().call_soon(self._settle, turns - 1)


@dataclass
class Going:
    """What a test needs of the way out."""

    cloud: FakeCloud
    out: Outbound
    time: SlowTime
    ways: OutgoingCalls
    reports: list[str]
    heard: list[datetime]
    """What Microsoft's clocks said."""

    async def send(self, person: str = PERSON, route: str = "", tenant: str = TENANT) -> str:
        """One message."""
        return await self.out.messenger.send(at(person, tenant), MESSAGE, route)


def at(person: str = PERSON, tenant: str = TENANT) -> Address:
    """An account in Teams."""
    return Address(Platform.TEAMS, tenant, person)


Change = Callable[[App], App]


@asynccontextmanager
async def going_out(change: Change = lambda app: app) -> AsyncIterator[Going]:
    """The way out of one app, with the stand-in listening."""
    async with listening() as cloud:
        time = SlowTime()
        app = App(APP_ID, PASSWORD, TENANT, (cloud.host,), cloud.authority, cloud.graph_url)
        reports: list[str] = []
        heard: list[datetime] = []
        ways = ImpatientCalls(time.monotonic)
        ways.stand_ins = (cloud, cloud.graph_away, cloud.login_away)
        out = build_outbound(
            change(app),
            iana_zone,
            teams_reporter(Telling(reports)),
            throttle=Throttle(time.monotonic, time.pause),
            ways=ways,
            heard=heard.append,
        )
        try:
            with stamina.set_testing(True, attempts=10, cap=True):
                yield Going(cloud, out, time, ways, reports, heard)
        finally:
            await out.close()
