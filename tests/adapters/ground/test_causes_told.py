"""Each way out tells why it is away, and what to look at: refused, unreachable, slow, at Slack and at Microsoft."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from integrations.ground.outgoing_calls import OutgoingCalls
from integrations.slack.web_api import SlackWebApi
from integrations.slack.workspaces import OneWorkspace
from integrations.teams.tokens import LoginKeys
from tests.adapters.ground.test_where_nobody_listens import NOWHERE
from tests.adapters.teams_app.fake_teams import TENANT
from tests.adapters.teams_app.going_out import Going, going_out
from tests.fakes.telling import Telling
from trim_bot.app.watch.outages import QUIET_SECONDS, Outages
from trim_bot.app.watch.platforms import PATIENCE_SECONDS, PlatformOutages, Whereabouts
from trim_bot.app.watch.probing import ROUNDS, Probing
from trim_bot.domain.errors import SafeError, Trouble, TryLater, Undeliverable
from trim_bot.domain.outages import OutagePart

pytestmark = pytest.mark.anyio
LOGIN, CONNECTOR, SLACK = "login.example", "connector.example", "slack.example"
HOSTS = dict.fromkeys(OutagePart, SLACK) | {OutagePart.SIGN_IN: LOGIN, OutagePart.TEAMS: CONNECTOR}


@dataclass
class Rig:
    """The log, and a clock that is moved by hand."""

    lines: list[str] = field(default_factory=list)
    now: float = 0.0

    def __post_init__(self) -> None:
        self.outages = Outages(Telling(self.lines), monotonic=lambda: self.now)
        self.platforms = PlatformOutages(self.outages, Whereabouts(HOSTS, "SLACK_BOT_TOKEN"))
        self.ways = OutgoingCalls(lambda: self.now, heard=self.platforms.heard)

    async def over(self) -> str:
        """What is said when all has gone well for long enough."""
        self.now += QUIET_SECONDS
        await self.outages.look()
        return self.lines[-1]


@dataclass
class Answer:
    """What a stand-in for Slack answers."""

    json: dict[str, object] | None = None
    """None: it never does."""


@asynccontextmanager
async def slack(answer: Answer) -> AsyncIterator[str]:
    released = asyncio.Event()

    async def say(_request: web.Request) -> web.Response:
        if answer.json is None:
            await released.wait()
        return web.json_response(answer.json)

    app = web.Application()
    app.router.add_route("*", "/api/{method}", say)
    async with TestServer(app) as server:
        yield str(server.make_url("/api/"))
        released.set()


@asynccontextmanager
async def one(rig: Rig, url: str) -> AsyncIterator[OneWorkspace]:
    api = SlackWebApi(url, rig.ways)
    workspace = OneWorkspace(api, "xoxb-x")
    yield workspace
    await workspace.close()
    await api.close()


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "missing_scope", "anything_new"])
async def test_a_refused_token_is_told_at_the_first_refusal_and_once(code: str) -> None:
    rig, answer = Rig(), Answer({"ok": False, "error": code})
    async with slack(answer) as url, one(rig, url) as workspace:
        for _ in range(4):
            assert await workspace.team() is None
            rig.now += 60
        assert rig.lines == ["out of order slack refused SLACK_BOT_TOKEN"]
        answer.json = {"ok": True, "team_id": "T0001"}
        assert await workspace.team() == "T0001"
        assert await rig.over() == "in order again slack refused after 240 s"


async def test_an_unreachable_slack_is_told_at_the_first_failure_with_its_host() -> None:
    rig = Rig()
    async with one(rig, f"http://{NOWHERE}/api/") as workspace:
        for _ in range(4):
            assert await workspace.team() is None
            rig.now += 60
    assert rig.lines == [f"out of order slack unreachable {NOWHERE}"]


async def test_a_slack_that_hangs_is_told_as_slow() -> None:
    rig = Rig()
    rig.ways = OutgoingCalls(lambda: rig.now, 0.02, rig.platforms.heard)
    async with slack(Answer()) as url, one(rig, url) as workspace:
        assert await workspace.team() is None
    assert rig.lines == [f"out of order slack slow {SLACK}"]


async def test_being_asked_to_wait_is_no_outage_until_it_goes_on() -> None:
    rig = Rig()
    busy = TryLater(5.0, Trouble.ASKED_TO_WAIT)
    rig.platforms.heard("slack:T1", busy, PATIENCE_SECONDS - 1)
    assert rig.lines == []
    rig.platforms.heard("slack:T1", busy, PATIENCE_SECONDS)
    assert rig.lines == [f"out of order slack asked_to_wait {SLACK}"]


async def test_a_workspace_that_was_added_by_installing_is_named() -> None:
    rig = Rig()
    many = PlatformOutages(rig.outages, Whereabouts(HOSTS, ""))
    many.heard("slack:T2", TryLater(trouble=Trouble.NOT_TAKEN), 0.0)
    many.heard("slack", TryLater(trouble=Trouble.NOT_TAKEN), 0.0)
    assert rig.lines == [
        "out of order slack refused slack:T2",
        "out of order slack refused SLACK_CLIENT_SECRET",
    ]


async def sends(rig: Rig, going: Going, times: int = 4) -> None:
    going.ways.heard = rig.platforms.heard
    for _ in range(times):
        with pytest.raises((TryLater, Undeliverable)):
            await going.send()


async def test_a_connector_that_cannot_be_reached_is_told() -> None:
    rig = Rig()
    async with going_out(lambda app: replace(app, service_hosts=(NOWHERE,))) as going:
        await sends(rig, going)
    assert rig.lines == [f"out of order teams unreachable {NOWHERE}"]


async def test_a_login_that_cannot_be_reached_is_told_as_the_login() -> None:
    rig = Rig()
    rig.platforms = PlatformOutages(rig.outages, Whereabouts(HOSTS | {OutagePart.SIGN_IN: NOWHERE}, ""))
    async with going_out(lambda app: replace(app, authority=f"http://{NOWHERE}")) as going:
        await sends(rig, going)
    assert rig.lines == [f"out of order sign_in unreachable {NOWHERE}"]


async def test_a_wrong_password_of_the_app_is_told_as_refused() -> None:
    rig = Rig()
    async with going_out(lambda app: replace(app, password="ended")) as going:
        await sends(rig, going)
    [line] = rig.lines
    assert line.endswith("refused TEAMS_APP_PASSWORD")


async def test_login_keys_that_cannot_be_fetched_are_told() -> None:
    rig = Rig()
    keys = LoginKeys(
        f"http://{NOWHERE}/openid", away=lambda later: rig.platforms.heard("teams_keys", later, 0.0)
    )
    assert not await keys.warm()
    await keys.close()
    assert rig.lines == [f"out of order teams_keys unreachable {NOWHERE}"]


class Asked:
    """Keeps which places it was asked to try, and what it does then."""

    def __init__(self, does: Callable[[str], None]) -> None:
        self.places: list[str] = []
        self.looks = 0
        self._does = does

    async def try_again(self, place: str) -> None:
        self.places.append(place)
        self._does(place)

    async def look(self) -> None:
        self.looks += 1
        raise TryLater


async def test_what_is_away_is_tried_although_nobody_asks_and_one_fault_stops_no_other() -> None:
    rig = Rig()

    def answers(place: str) -> None:
        if place == "slack:T1":
            raise SafeError
        rig.platforms.heard(place, None, 0.0)

    asked = Asked(answers)
    probing = Probing(rig.outages, {"slack": asked})
    await probing.probe()
    assert asked.places == []
    for place in ("slack:T1", "slack:T2", f"teams:{TENANT}"):
        rig.platforms.heard(place, TryLater(trouble=Trouble.REFUSED), 0.0)
    await probing.probe()
    assert asked.places == ["slack:T1", "slack:T2"]
    assert rig.outages.places()[OutagePart.SLACK] == ("slack:T1",)
    for _ in range(ROUNDS):
        await probing.probe()
    assert asked.looks == 1
