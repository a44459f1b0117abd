"""Socket Mode: the same arrivals by WebSocket, read as hostile, acked with the same answers, closed in order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from integrations.slack.adapter import Many, Slack, build_slack
from integrations.slack.install_pages import Client
from integrations.slack.socket import Socket
from tests.adapters.slack_app.conftest import HOME, PATIENT, first_word
from tests.adapters.slack_app.desk import LOG_FORM, SAVED, FakeDesk
from tests.adapters.slack_app.many_slack import APP_TOKEN, CLIENT_ID, CLIENT_SECRET, ManySlack, many_running
from tests.adapters.slack_app.person import TEAM, USER, event, on_screen, press, shortcut, submission
from tests.fakes.telling import Telling
from trim_bot.app.installations.keeping import Access, Installed
from trim_bot.app.seam.gestures import Invoke, Press, Submit
from trim_bot.app.seam.views import FieldErrors

pytestmark = pytest.mark.anyio
MARKER = "marker-of-what-was-typed"


class Kept:
    """Two workspaces have the app."""

    def __init__(self, slack: ManySlack) -> None:
        self.slack = slack
        self.ended: list[str] = []

    async def find(self, team: str) -> Access | None:
        tokens = self.slack.good_tokens(team)
        return Access(tokens[0]) if tokens else None

    async def teams(self) -> list[str]:
        return []

    async def keep(self, installed: Installed) -> None:
        raise AssertionError(installed.team)

    async def removed(self, team: str, at: object) -> None:
        self.ended.append(team)


@dataclass
class Rig:
    """The adapter with a socket."""

    slack: Slack
    fake: ManySlack
    desk: FakeDesk
    kept: Kept
    reports: list[str]
    pauses: list[float] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def socket(self) -> Socket:
        assert self.slack.socket is not None
        return self.slack.socket

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await self.go_on.wait()

    async def connected(self) -> None:
        self.socket.start()
        async with asyncio.timeout(30):
            await self.socket.connected.wait()

    async def send(self, kind: str, payload: object, id: str = "e-1", *, answers: bool = True) -> None:
        envelope = {
            "type": kind,
            "envelope_id": id,
            "payload": payload,
            "accepts_response_payload": answers,
        }
        await self.fake.sockets[-1].send_json(envelope)

    async def acked(self, count: int = 1) -> dict[str, Any]:
        await self.fake.until(lambda: len(self.fake.acks) >= count)
        return self.fake.acks[count - 1]


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with AsyncExitStack() as after:
        fake = await after.enter_async_context(many_running())
        for team in (TEAM, "TB"):
            fake._tokens[f"xoxb-{team}"] = team
        reports: list[str] = []
        desk, kept = FakeDesk(), Kept(fake)
        client = Client(CLIENT_ID, CLIENT_SECRET, "https://desk.test", fake.api_url)
        slack = build_slack(
            desk,
            Many(client, kept),
            link="https://desk.test",
            first_word=first_word,
            tell=Telling(reports),
            home=lambda: HOME,
            app_token=APP_TOKEN,
            api_url=fake.api_url,
            pace=PATIENT,
        )
        after.push_async_callback(slack.close)
        ready = Rig(slack, fake, desk, kept, reports)
        ready.socket._pause = ready.pause
        yield ready


def typed(name: str, words: str = "", team: str = TEAM) -> dict[str, str]:
    return {"command": name, "text": words, "team_id": team, "user_id": USER, "trigger_id": "1.a"}


async def test_without_a_signing_secret_there_is_no_door_for_requests(rig: Rig) -> None:
    assert rig.slack.endpoint is None


async def test_a_command_is_acked_and_its_form_follows(rig: Rig) -> None:
    await rig.connected()
    await rig.send("slash_commands", typed("/peer", "log"))
    assert await rig.acked() == {"envelope_id": "e-1"}
    await rig.slack.drain()
    assert rig.desk.gestures == [Invoke(("peer", "log"))]
    assert len(rig.fake.called(TEAM, "views.open")) == 1


async def test_presses_shortcuts_and_events_come_too(rig: Rig) -> None:
    await rig.connected()
    await rig.send("interactive", press("open", "tok"), "e-1")
    await rig.acked(1)
    await rig.send("interactive", shortcut("support"), "e-2")
    await rig.acked(2)
    await rig.send("events_api", json.loads(event("app_home_opened", user="U1", tab="home")), "e-3")
    await rig.acked(3)
    await rig.send("events_api", json.loads(event("app_uninstalled", team="TB")), "e-4")
    await rig.acked(4)
    await rig.slack.drain()
    assert rig.desk.gestures == [Press("open", "tok"), Invoke(("support",))]
    assert len(rig.fake.called(TEAM, "views.publish")) == 1
    assert rig.kept.ended == ["TB"]


async def test_the_ack_of_a_sent_form_carries_the_answer(rig: Rig) -> None:
    await rig.connected()
    view = on_screen(
        {"type": "modal", "callback_id": "log_incident", "private_metadata": "t", "blocks": BLOCKS}
    )
    rig.desk.answer(FieldErrors(LOG_FORM, {"what": "Please say what happened."}), SAVED)
    await rig.send("interactive", submission(view), "e-1")
    ack = await rig.acked(1)
    assert ack["payload"] == {"response_action": "errors", "errors": {"what": "Please say what happened."}}
    await rig.send("interactive", submission(view), "e-2")
    assert (await rig.acked(2))["payload"]["response_action"] == "update"
    assert all(isinstance(gesture, Submit) for gesture in rig.desk.gestures)


BLOCKS = [{"type": "input", "block_id": "what", "element": {"type": "plain_text_input", "action_id": "v"}}]
HOSTILE: list[Any] = [
    "x",
    7,
    [],
    {},
    {"type": "slash_commands", "envelope_id": 7, "payload": {}},
    {"type": "slash_commands", "envelope_id": "e", "payload": MARKER},
    {"type": "slash_commands", "envelope_id": "e", "payload": {"command": f"/{MARKER}", "team_id": TEAM}},
    {"type": "interactive", "envelope_id": "e", "payload": {"type": MARKER}},
    {
        "type": "slash_commands",
        "envelope_id": "e",
        "payload": {"command": "/peer", "team_id": "TX", "user_id": "U"},
    },
    {"type": "events_api", "payload": {"type": "event_callback", "team_id": "<x>"}},
]


async def test_whatever_is_wrong_is_not_acked_and_not_repeated(rig: Rig) -> None:
    await rig.connected()
    for wrong in HOSTILE:
        await rig.fake.sockets[-1].send_json(wrong)
    await rig.fake.sockets[-1].send_str("[" * 100_000)
    await rig.fake.sockets[-1].send_bytes(b"\xff\x00")
    await rig.send("slash_commands", typed("/peer"), "good")
    assert (await rig.acked())["envelope_id"] == "good"
    assert len(rig.fake.acks) == 1
    assert len(rig.desk.received) == 1
    assert MARKER not in "\n".join(rig.reports)
    assert len(rig.reports) >= 9


async def test_an_answer_that_failed_is_not_acked(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    await rig.connected()
    monkeypatch.setattr(rig.kept, "ended", None)
    await rig.send("events_api", json.loads(event("app_uninstalled", team="TB")), "e-1")
    await rig.send("slash_commands", typed("/peer"), "e-2")
    assert (await rig.acked())["envelope_id"] == "e-2"


async def test_asked_to_change_it_connects_anew_before_it_hangs_up(rig: Rig) -> None:
    await rig.connected()
    old = rig.fake.sockets[0]
    await old.send_json({"type": "disconnect", "reason": "refresh_requested"})
    await rig.fake.until(lambda: len(rig.fake.sockets) == 2)
    await old.send_json({"type": "slash_commands", "envelope_id": "old", "payload": typed("/peer")})
    assert (await rig.acked(1))["envelope_id"] == "old"
    await rig.send("slash_commands", typed("/support"), "new")
    assert (await rig.acked(2))["envelope_id"] == "new"
    await old.close()
    assert rig.pauses == []
    assert rig.socket.connected.is_set()


async def test_a_line_that_breaks_is_taken_up_again_after_a_pause(rig: Rig) -> None:
    await rig.connected()
    rig.go_on.set()
    await rig.fake.sockets[0].close()
    await rig.fake.until(lambda: len(rig.fake.sockets) == 2)
    assert rig.pauses == [1.0]
    await rig.send("slash_commands", typed("/peer"))
    await rig.acked()


async def test_while_slack_is_down_it_waits_longer_each_time(rig: Rig) -> None:
    rig.fake.down = True
    turns = 0

    async def pause(seconds: float) -> None:
        nonlocal turns
        rig.pauses.append(seconds)
        turns += 1
        rig.fake.down = turns < 8

    rig.socket._pause = pause
    await rig.connected()
    assert rig.pauses == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_at_the_end_what_was_heard_is_answered_first(rig: Rig) -> None:
    await rig.connected()
    rig.desk.open.clear()
    view = on_screen(
        {"type": "modal", "callback_id": "log_incident", "private_metadata": "t", "blocks": BLOCKS}
    )
    rig.desk.answer(SAVED)
    await rig.send("interactive", submission(view))
    async with asyncio.timeout(30):
        while not rig.desk.received:
            await asyncio.sleep(0)
    closing = asyncio.create_task(rig.slack.stop_hearing())
    await asyncio.sleep(0)
    rig.desk.open.set()
    await closing
    assert (await rig.acked())["payload"]["response_action"] == "update"
    assert not rig.socket.connected.is_set()
    await rig.fake.until(lambda: all(ws.closed for ws in rig.fake.sockets))


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1.example.org/x", "wss://slack.com.example.org/", "ws://wss-primary.slack.com/", ""],
)
async def test_it_connects_to_slack_alone(rig: Rig, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def says(*_args: object, **_more: object) -> dict[str, object]:
        return {"ok": True, "url": url}

    monkeypatch.setattr(rig.socket._api, "once", says)
    rig.socket.start()
    async with asyncio.timeout(30):
        while not rig.pauses:
            await asyncio.sleep(0)
    assert rig.fake.sockets == []
    assert any("socket_url" in line for line in rig.reports)


async def test_it_is_sent_on_to_nobody(rig: Rig) -> None:
    async with many_running() as elsewhere:
        rig.fake.socket_moved_to = f"{elsewhere.url}/socket"
        rig.socket.start()
        async with asyncio.timeout(30):
            while not (rig.pauses or elsewhere.sockets):
                await asyncio.sleep(0)
        assert elsewhere.sockets == []
        assert not rig.socket.connected.is_set()


async def test_no_token_is_said(rig: Rig) -> None:
    await rig.connected()
    assert APP_TOKEN not in repr(rig.slack)
    assert CLIENT_SECRET not in repr(rig.slack)
