"""The Slack adapter, over Bolt, at work with `emulate`, a Slack that somebody else wrote."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial

import httpx
import pytest

from tests.adapters.slack_app import person as wire
from tests.e2e.deployment import Stores, environment
from tests.e2e.served import Served
from tests.e2e.settling import Hire, settle
from tests.e2e.story import Cast, whole_story
from tests.e2e.workplace import TEAM
from tests.peers.emulator import BOT_USER, Emulated, EmulatedPerson, EmulatedSide, emulated, seed
from trim_bot.app.words import adapter_words as words
from trim_bot.app.words.adapter_words import MESSAGE_TEXT, OPEN_LABEL, STOP_LABEL
from trim_bot.domain.people import Role
from trim_bot.settings.environment import load_settings

pytestmark = pytest.mark.anyio

WAITING = MESSAGE_TEXT

ROLES = {"priya": (Role.PRACTITIONER,), "nurse": (), "driver": (), "quinn": (Role.COORDINATOR,)}
TRIGGER_LIVES_SECONDS = 3.0
OPENING = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [{"type": "divider"}]}


class AtEmulator(Served):
    """`trim-bot serve` in a process of its own, whose Slack is the emulator."""

    async def side(self) -> EmulatedSide:
        """The emulator's servers."""
        return EmulatedSide(await self.client(), self.workplace)

    async def slack(self, name: str) -> EmulatedPerson:
        """Somebody with an account there."""
        assert isinstance(self.workplace, Emulated)
        return EmulatedPerson(await self.side(), name, self.workplace.ids()[name])

    async def cast(self) -> Cast:
        """Those who take part in the story."""
        return Cast(self, await self.slack("priya"), await self.slack("nurse"), await self.slack("quinn"))


@pytest.fixture(scope="module")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AtEmulator]:
    """A settled and running desk, installed in the emulator's workspace with its one token; one for all tests."""
    folder = tmp_path_factory.mktemp("slack")
    with emulated("slack", seed(list(ROLES)), folder) as address, pytest.MonkeyPatch.context() as patch:
        workplace = Emulated(address)
        await workplace.come()
        stores = Stores.files(folder)
        patch.chdir(folder)
        for name, value in environment(folder, stores, workplace.api_url).items():
            patch.setenv(name, value)
        made = AtEmulator(workplace, stores, folder)
        try:
            ids = workplace.ids()
            hires = [Hire(f"slack:{TEAM}:{ids[name]}", name.title(), roles) for name, roles in ROLES.items()]
            await settle(load_settings(), [hire for hire in hires if hire.roles])
            await made.start()
            yield made
            assert workplace.faults == []
            assert b"Traceback" not in made.log
        finally:
            await made.kill()
            await workplace.go()


def emulator(at: AtEmulator) -> Emulated:
    """The workplace as what it is."""
    assert isinstance(at.workplace, Emulated)
    return at.workplace


def refusals(at: AtEmulator) -> list[str]:
    """Every no that the emulator gave to the app."""
    return [call.arguments["answer"] for call in at.workplace.calls if call.arguments["answer"]]


async def test_people_are_looked_up(at: AtEmulator) -> None:
    """users.list names everybody, who are welcomed once, and users.info the one who came; the bot is nobody"""
    cast = await at.cast()
    await cast.nurse.say("support", "me")
    await at.drain()
    assert {"users.list", "users.info"} <= {call.method for call in at.workplace.calls}
    new = {id for name, id in emulator(at).ids().items() if not ROLES.get(name)} - {BOT_USER}
    welcome = MESSAGE_TEXT
    told = {id: [one["text"] for one in emulator(at).messages(id)].count(welcome) for id in new}
    assert len(new) == 3
    assert told == dict.fromkeys(new, 1)
    assert BOT_USER not in emulator(at).channels.values()


async def test_home_is_published(at: AtEmulator) -> None:
    """the Home tab is published, the same for two people who do different work"""
    names = ("priya", "quinn")
    ids = emulator(at).ids()
    for name in names:
        answer = await (await at.side()).event("app_home_opened", user=ids[name], tab="home")
        assert answer.status_code == 200
        await at.workplace.wait(partial(at.workplace.homes.get, ids[name]))
    shown = [at.workplace.homes[ids[name]] for name in names]
    assert shown[0]["blocks"] == shown[1]["blocks"]
    inspector = httpx.get(f"{emulator(at).emulator}/?tab=views", trust_env=False).text
    assert "app home" in inspector


async def test_a_trigger_ages(at: AtEmulator) -> None:
    """a trigger id that is three seconds old opens nothing, and the person is told to type it again"""
    at.workplace.calls.clear()
    priya = await at.slack("priya")
    side = await at.side()
    trigger = await side.trigger(priya.user)
    await asyncio.sleep(TRIGGER_LIVES_SECONDS + 1)
    body = wire.command("/peer", "log", trigger=trigger, user=priya.user, url=at.workplace.response_url)
    assert (await side.post(body)).status_code == 200
    await at.workplace.wait(lambda: at.workplace.answered or None)
    assert at.workplace.answered == [words.OPEN_AGAIN]
    assert refusals(at) == ["expired_trigger_id"]


async def test_a_trigger_serves_once(at: AtEmulator) -> None:
    """a command that comes twice opens one modal: its trigger id serves once"""
    at.workplace.calls.clear()
    opened, answered = len(at.workplace.opened), len(at.workplace.answered)
    priya = await at.slack("priya")
    side = await at.side()
    trigger = await side.trigger(priya.user)
    body = wire.command("/peer", "log", trigger=trigger, user=priya.user, url=at.workplace.response_url)
    for _ in range(2):
        assert (await side.post(body)).status_code == 200
    await at.workplace.wait(lambda: len(at.workplace.called("views.open")) == 2 or None)
    assert refusals(at) == ["exchanged_trigger_id"]
    assert (len(at.workplace.opened), len(at.workplace.answered)) == (opened + 1, answered)


async def test_views_never_stack(at: AtEmulator) -> None:
    """the emulator takes three views on top of one another and no fourth; the desk needs one"""
    place = emulator(at)
    priya = place.ids()["priya"]
    trigger = await (await at.side()).trigger(priya)
    top = place.ask("views.open", trigger_id=trigger, view=OPENING)["view"]["id"]
    found = []
    for _ in range(3):
        trigger = place.ask("views.generateTriggerId", user_id=priya, view_id=top)["trigger_id"]
        answer = place.ask("views.push", trigger_id=trigger, view=OPENING)
        found.append(answer.get("error", "taken"))
        top = answer.get("view", {}).get("id", top)
    assert found == ["taken", "taken", "push_limit_reached"]


async def test_the_whole_story(at: AtEmulator) -> None:
    """log, offer, day 3, interview, referral, one month, close, and then the status, with the scopes of our manifest"""
    cast = await at.cast()
    at.workplace.calls.clear()
    await whole_story(cast)
    status = await cast.quinn.say("peer", "status")
    assert "understaffed in the week" in status.text, (
        "one practitioner and no lead are below the declared minimum"
    )
    assert refusals(at) == []
    assert at.workplace.called("views.push") == []


async def test_direct_messages(at: AtEmulator) -> None:
    """each message of it stands in the person's own conversation: fixed words, Open and Stop, no name"""
    nurse = await at.slack("nurse")
    messages = [one for one in emulator(at).messages(nurse.user) if one["text"] == WAITING]
    assert len(messages) >= 1
    for message in messages:
        assert [button["text"]["text"] for button in message["blocks"][-1]["elements"]] == [
            OPEN_LABEL,
            STOP_LABEL,
        ]
        assert "riya" not in json.dumps(message)
    channels = emulator(at).channels
    assert len(channels) == len(set(channels.values())), "somebody has two conversations with the app"
