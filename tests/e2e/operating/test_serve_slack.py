"""The first start with the token of one Slack workspace, also while Slack is down."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.e2e.operating.conftest import Place
from trim_bot.app.clock import clocks
from trim_bot.app.seam.ports import Tx
from trim_bot.app.workspaces.founding import FirstStart, Pause
from trim_bot.app.workspaces.workspace_cache import CommandNames
from trim_bot.bootstrap.chats import open_chats
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.process_log import tell
from trim_bot.bootstrap.serving import Desktop
from trim_bot.bootstrap.slack import make_slack, slack_parts
from trim_bot.domain.alerts import AdminAlert, AlertKind
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import Trouble
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.outages import OutagePart
from trim_bot.domain.site import Site

pytestmark = pytest.mark.anyio
SECRET = "signing-secret"


class FakeSlack:
    """Answers `auth.test` for one workspace; while `down`, answers as Slack does in trouble."""

    def __init__(self) -> None:
        self.down = False
        self.refuses = ""
        self.whole: dict[str, object] | None = None
        """What is said of a token of a whole enterprise."""
        self.asked = 0

    async def answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.down:
            return web.json_response({"ok": False, "error": "service_unavailable"}, status=503)
        if self.refuses:
            return web.json_response({"ok": False, "error": self.refuses})
        if self.whole is not None:
            return web.json_response({"ok": True, "user_id": "U0BOT", **self.whole})
        if request.match_info["method"] == "auth.test":
            return web.json_response({"ok": True, "team_id": "T0001", "user_id": "U0BOT"})
        return web.json_response({"ok": True, "members": []})


@pytest.fixture
async def slack(place: Place) -> AsyncIterator[FakeSlack]:
    fake = FakeSlack()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", fake.answer)
    async with TestServer(app) as server:
        place.set(
            SLACK_API_URL=str(server.make_url("/api/")),
            SLACK_BOT_TOKEN="xoxb-fake",
            SLACK_SIGNING_SECRET=SECRET,
        )
        yield fake


async def settled(desktop: Desktop) -> str:
    """The slug of the workspace's organisation once it has been made."""
    assert desktop.running is not None
    await desktop.running.settled()
    store = desktop.running.deployment.store
    found = await store.organisation_at(ChatWorkspace.parse("slack:T0001"))
    assert found is not None

    def body(tx: Tx) -> Site | None:
        return tx.get(Site, "site")

    site = await store.read(OrganisationId(found.id), body)
    assert site is not None
    assert site.slug == found.slug
    assert site.numbers
    return found.slug


def first_start(deployment: Deployment, host: str, pause: Pause) -> FirstStart:
    return FirstStart(deployment.founder, host, tell, pause)


async def test_the_first_start_makes_the_organisation_of_the_workspace(
    place: Place, slack: FakeSlack
) -> None:
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        assert await settled(desktop) == "default"
    assert slack.asked > 0


async def test_an_organisation_that_is_there_already_gets_the_workspace(
    place: Place, slack: FakeSlack
) -> None:
    await asyncio.to_thread(place.run, "site", "apply", place.site_file())
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        assert await settled(desktop) == "example-transport"


async def test_it_asks_again_until_slack_answers(
    place: Place, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.down = True
    desktop = Desktop(place.settings())
    waits: list[float] = []
    steady = clocks.steady
    monkeypatch.setattr(clocks, "steady", lambda: steady() + sum(waits))

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        slack.down = len(waits) < 3

    async with desktop.lifespan():
        assert desktop.running is not None
        deployment = desktop.running.deployment
        store, chats = deployment.store, open_chats(deployment.time)
        parts = slack_parts(deployment, CommandNames(store), "", chats)
        adapter = make_slack(place.settings(), desktop.running.desk, parts)
        assert adapter is not None
        assert adapter.one is not None
        try:
            await first_start(deployment, "peer.example.org", pause).settle_workspace(adapter.one)
        finally:
            await adapter.close()
        found = await store.organisation_at(ChatWorkspace.parse("slack:T0001"))
    assert found is not None
    assert found.slug == "peer"
    assert waits == [2.0, 4.0, 8.0]


async def test_a_cold_start_while_slack_is_down_hears_the_workspace_it_knows(
    place: Place, slack: FakeSlack
) -> None:
    first = Desktop(place.settings())
    async with first.lifespan():
        await settled(first)
    slack.down = True
    waiting = asyncio.Event()

    async def pause(_seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    again = Desktop(place.settings())
    async with again.lifespan():
        assert again.running is not None
        assert again.running.slack is not None
        assert again.running.slack.one is not None
        settling = asyncio.create_task(
            first_start(again.running.deployment, "", pause).settle_workspace(again.running.slack.one)
        )
        await waiting.wait()
        settling.cancel()
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=again.app()), base_url="http://desk"
        ) as client:
            known = await client.post("/slack/events", **home_opened("T0001"))
            assert known.status_code == 200
            assert (await client.post("/slack/events", **home_opened("T0002"))).status_code == 503


def signed(body: bytes) -> dict[str, Any]:
    """A request as Slack would sign it."""
    stamp = str(int(time.time()))
    mark = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/json",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={mark}",
    }
    return {"content": body, "headers": headers}


def home_opened(team: str) -> dict[str, Any]:
    """What Slack sends when somebody looks at the messages of the app."""
    event = {"type": "app_home_opened", "user": "U0001", "tab": "messages"}
    return signed(json.dumps({"type": "event_callback", "team_id": team, "event": event}).encode())


async def test_only_signed_requests_are_heard(place: Place, slack: FakeSlack) -> None:
    desktop = Desktop(place.settings())
    sent = signed(b'{"type": "url_verification", "challenge": "c-1"}')
    app = desktop.app()
    async with (
        desktop.lifespan(),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as client,
    ):
        heard = await client.post("/slack/events", **sent)
        assert (heard.status_code, heard.json()) == (200, {"challenge": "c-1"})
        sent["headers"]["x-slack-signature"] = f"v0={sent['headers']['x-slack-signature'][:2:-1]}"
        assert (await client.post("/slack/events", **sent)).status_code == 401


async def test_the_doctor_asks_slack(place: Place, slack: FakeSlack) -> None:
    await asyncio.to_thread(place.run, "site", "apply", place.site_file())
    assert "warn slack" in await asyncio.to_thread(place.run, "doctor")
    slack.down = True
    assert "fail slack" in await asyncio.to_thread(place.run, "doctor", code=1)


async def test_while_slack_is_away_the_desk_is_ready_and_says_so(place: Place, slack: FakeSlack) -> None:
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        await settled(desktop)
        transport = httpx.ASGITransport(app=desktop.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
            assert (await client.get("/readyz")).json() == {"ready": True}
            assert desktop.running is not None
            slack.down = True
            for _ in range(3):
                await desktop.running.upkeep.meet_everyone()
            said = (await client.get("/readyz")).json()
            assert (said["ready"], said["away"]) == (True, ["slack"])
            [outage] = said["outages"]
            assert (outage["part"], outage["cause"]) == ("slack", "failing")
            assert set(outage) == {"part", "cause", "since"}
            assert datetime.fromisoformat(outage["since"]).tzinfo is not None
            [away] = desktop.running.chats.away()
            assert (away.workspace, away.trouble) == ("slack:T0001", Trouble.FAILING)


async def test_only_the_administrator_reads_where_to_look(place: Place, slack: FakeSlack) -> None:
    place.set(METRICS_TOKEN="0123456789abcdef")
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        await settled(desktop)
        assert desktop.running is not None
        desktop.running.heart._outages.began(OutagePart.SLACK, "refused", "slack:T0EXAMPLE")
        desktop.alerting.alerts = tuple(AdminAlert(kind, "it", "Words.") for kind in AlertKind)
        transport = httpx.ASGITransport(app=desktop.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
            for token in ("", "Bearer x", "Bearer "):
                answer = await client.get("/readyz", headers={"authorization": token})
                assert "T0EXAMPLE" not in answer.text, token
                assert answer.json()["alerts"] == ["platform", "store", "worker"], token
            known = await client.get("/readyz", headers={"authorization": "Bearer 0123456789abcdef"})
            assert known.json()["outages"][0]["look_at"] == "slack:T0EXAMPLE"
            assert known.json()["alerts"] == sorted(kind.value for kind in AlertKind)


@pytest.mark.parametrize(
    "said",
    [
        {"team_id": "T0001", "enterprise_id": "E0001", "is_enterprise_install": True},
        {"team_id": "E0001", "enterprise_id": "E0001"},
        {"enterprise_id": "E0001"},
    ],
)
async def test_a_token_of_a_whole_enterprise_founds_nothing_and_the_remedy_is_said(
    place: Place, slack: FakeSlack, said: dict[str, object]
) -> None:
    slack.whole = said
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        assert desktop.running is not None
        assert await desktop.running.deployment.store.organisations() == []
    found = await asyncio.to_thread(place.run, "doctor", code=1)
    assert "fail slack" in found
    assert "install the app in the workspace it is for" in " ".join(found.split())


async def test_a_token_of_one_workspace_of_an_enterprise_is_taken(place: Place, slack: FakeSlack) -> None:
    slack.whole = {
        "team_id": "T0001",
        "enterprise_id": "E0001",
        "is_enterprise_install": False,
        "members": [],
    }
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        assert await settled(desktop) == "default"


async def test_the_doctor_reminds_of_an_old_signing_secret(place: Place, slack: FakeSlack) -> None:
    words = "SLACK_SIGNING_SECRET holds two"
    assert words not in await asyncio.to_thread(place.run, "doctor")
    place.set(SLACK_SIGNING_SECRET=f"new,{SECRET}")
    assert words in await asyncio.to_thread(place.run, "doctor")


async def test_the_doctor_compares_this_machine_s_clock_with_slack_s(place: Place, slack: FakeSlack) -> None:
    said = await asyncio.to_thread(place.run, "doctor")
    assert "ok   clocks" in said and "agrees with Slack" in said


async def test_what_slack_s_clock_says_reaches_whoever_judges_ours(place: Place, slack: FakeSlack) -> None:
    desktop = Desktop(place.settings())
    async with desktop.lifespan():
        await settled(desktop)
        assert desktop.running is not None
        assert "slack" in desktop.running.deployment.time._judge._ahead_of


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("invalid_auth", "Slack does not take the app. Look at SLACK_BOT_TOKEN."),
        ("missing_scope", "Slack does not take the app. Look at SLACK_BOT_TOKEN."),
        ("fatal_error", "answers that it is not well"),
    ],
)
async def test_the_doctor_names_the_cause_and_what_to_look_at(
    place: Place, slack: FakeSlack, code: str, said: str
) -> None:
    slack.refuses = code
    found = await asyncio.to_thread(lambda: place.json("doctor", code=1))
    [one] = [one for one in found if one["name"] == "slack" and one["grade"] == "fail"]
    assert said in one["text"]
