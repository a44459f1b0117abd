"""An outage is told once when it begins and once when it is over, however often it is met in between."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.builders import MONDAY
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.watch.outages import QUIET_SECONDS, STILL_SECONDS, Outages
from trim_bot.domain.outages import Outage, OutagePart

pytestmark = pytest.mark.anyio
HOST = "slack.example"


class Told:
    """A log and a clock that is moved by hand, in seconds."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.now = 1_000.0
        self.outages = Outages(self.tell, self.real, lambda: self.now)

    def tell(self, event: LogEvent, error: BaseException | None = None, about: str = "") -> str:
        assert error is None
        self.lines.append(f"{event.value} {about}")
        return ""

    def real(self) -> datetime:
        return MONDAY + timedelta(seconds=self.now)

    async def went_well_for_long(self, part: OutagePart, place: str = "") -> None:
        self.outages.went_well(part, place)
        self.now += QUIET_SECONDS
        await self.outages.look()


async def test_an_outage_is_told_once_and_its_end_says_how_long_it_was() -> None:
    told = Told()
    for _ in range(200):
        told.outages.began(OutagePart.DATA, "database", "DATABASE_URL")
        await told.outages.look()
        told.now += 3
    assert told.lines == ["out of order data database DATABASE_URL"]
    assert told.outages.now() == (
        Outage(OutagePart.DATA, "database", "DATABASE_URL", MONDAY + timedelta(seconds=1_000)),
    )
    await told.went_well_for_long(OutagePart.DATA)
    assert told.lines[1:] == ["in order again data database after 600 s"]
    assert told.outages.now() == ()


async def test_one_that_comes_and_goes_is_one_outage() -> None:
    told = Told()
    for _ in range(50):
        told.outages.began(OutagePart.SLACK, "slow", HOST)
        told.outages.went_well(OutagePart.SLACK)
        told.now += QUIET_SECONDS / 2
        await told.outages.look()
    assert told.lines == [f"out of order slack slow {HOST}"]


async def test_each_cause_is_told_once_within_one_outage() -> None:
    told = Told()
    for cause in ("unreachable", "slow", "unreachable", "slow", "unreachable"):
        told.outages.began(OutagePart.SLACK, cause, HOST)
    assert told.lines == [f"out of order slack unreachable {HOST}", f"out of order slack slow {HOST}"]
    [now] = told.outages.now()
    assert now.cause == "unreachable"


async def test_a_refusal_ends_the_silence_and_is_an_outage_of_its_own() -> None:
    told = Told()
    told.outages.began(OutagePart.SLACK, "unreachable", HOST)
    told.now += 60
    told.outages.began(OutagePart.SLACK, "refused", "SLACK_BOT_TOKEN")
    told.now += QUIET_SECONDS
    await told.outages.look()
    assert told.lines == [
        f"out of order slack unreachable {HOST}",
        "out of order slack refused SLACK_BOT_TOKEN",
        "in order again slack unreachable after 60 s",
    ]
    assert [one.cause for one in told.outages.now()] == ["refused"]


async def test_many_places_of_one_platform_are_one_outage_that_ends_with_the_last() -> None:
    told = Told()
    for team in range(100):
        told.outages.began(OutagePart.SLACK, "unreachable", HOST, place=f"slack:T{team}")
    told.outages.went_well(OutagePart.SLACK, "slack:ELSE")
    for team in range(99):
        await told.went_well_for_long(OutagePart.SLACK, f"slack:T{team}")
    assert told.lines == [f"out of order slack unreachable {HOST}"]
    await told.went_well_for_long(OutagePart.SLACK, "slack:T99")
    assert len(told.lines) == 2


async def test_once_an_hour_it_is_told_that_it_goes_on() -> None:
    told = Told()
    told.outages.began(OutagePart.TEAMS, "refused", "TEAMS_APP_PASSWORD", seconds=20)
    for _ in range(25):
        told.now += STILL_SECONDS / 10
        await told.outages.look()
    assert told.lines[1:] == [
        "still out of order teams refused TEAMS_APP_PASSWORD for 3620 s",
        "still out of order teams refused TEAMS_APP_PASSWORD for 7220 s",
    ]


@pytest.mark.parametrize("well", ["slack:T0A", "slack:T0B"])
async def test_of_several_workspaces_the_one_that_still_refuses_is_named(well: str) -> None:
    told = Told()
    for team in ("slack:T0A", "slack:T0B"):
        told.outages.began(OutagePart.SLACK, "refused", team, place=team)
    told.outages.went_well(OutagePart.SLACK, well)
    [still] = {"slack:T0A", "slack:T0B"} - {well}
    assert [one.look_at for one in told.outages.now()] == [still]
    told.now += STILL_SECONDS
    await told.outages.look()
    assert told.lines[-1].startswith(f"still out of order slack refused {still}")
    told.outages.began(OutagePart.SLACK, "refused", well, place=well)
    assert len(told.lines) == 3, "what comes back within an outage is told once"
    for team in ("slack:T0A", "slack:T0B"):
        await told.went_well_for_long(OutagePart.SLACK, team)
    assert told.outages.now() == ()
