"""Words typed to the app: one neutral card, whatever was written, and nothing of it read but a command."""

from __future__ import annotations

import json

import pytest

from integrations.teams.render import home_card, opening_card
from tests.adapters.teams_app.conftest import Rig
from tests.adapters.teams_app.fake_cloud import refusal
from tests.adapters.teams_app.fake_teams import TENANT, Reply
from tests.adapters.teams_app.person import PERSON, typed
from trim_bot.domain.errors import TryLater

pytestmark = pytest.mark.anyio


async def card(rig: Rig, text: str) -> dict[str, object]:
    """The one card that comes for some words."""
    before = len(rig.said)
    answer = await rig.post(typed(text, rig.url))
    assert (answer.status_code, answer.content) == (200, b"")
    await rig.teams.drain()
    ((to, sent),) = rig.said[before:]
    assert to == f"a:{PERSON}"
    return sent


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("peer", ("peer",)),
        ("/peer", ("peer",)),
        ("  Peer   LOG ", ("peer", "log")),
        ("/support", ("support",)),
        ("talk", ("support",)),
        ("peer log Maria-Jane", ("peer", "log")),
        ("peer cases now please and thanks", ("peer", "cases")),
        ("peer maria", ("peer", "help")),
        ("support maria smith", ("support",)),
        ("support me", ("support", "me")),
        ("<at>Peer Support</at> peer due", ("peer", "due")),
        ("peer\u00a0team", ("peer", "team")),
    ],
)
async def test_a_command_is_answered_by_a_way_in(rig: Rig, text: str, words: tuple[str, ...]) -> None:
    assert await card(rig, text) == opening_card(words)


@pytest.mark.parametrize(
    "text", ["hello", "something terrible happened to Maria", "/", "peerless", "/nonsense"]
)
async def test_anything_else_gets_the_card_that_is_the_same_for_everybody(rig: Rig, text: str) -> None:
    sent = await card(rig, text)
    assert sent == home_card("https://desk.example.org")
    assert "Maria" not in json.dumps(sent)


async def test_a_message_that_comes_again_gets_no_second_card(rig: Rig) -> None:
    activity = typed("peer", rig.url)
    for _ in range(3):
        assert (await rig.post(activity)).status_code == 200
    await rig.teams.drain()
    assert len(rig.said) == 1
    await rig.post(typed("peer", rig.url))
    await rig.teams.drain()
    assert len(rig.said) == 2


async def test_whoever_writes_has_the_app(rig: Rig) -> None:
    await card(rig, "hello")
    ((word, address, route),) = rig.presence.told
    assert (word, address) == ("wrote", f"teams:{TENANT}:{PERSON}")
    assert json.loads(route) == {"service_url": rig.url, "conversation": f"a:{PERSON}"}


async def test_trouble_afterwards_is_reported(rig: Rig) -> None:
    rig.presence.failures.append(TryLater())
    await card(rig, "hello")
    assert [line.split()[1] for line in rig.reports] == ["not-answering"]
    rig.fake.next["activities"].append(refusal(403, "BotDisabledByAdmin"))
    await rig.post(typed("hello", rig.url))
    await rig.teams.drain()
    assert [line.split()[1] for line in rig.reports[1:]] == ["undeliverable"]


async def test_a_card_that_cannot_be_sent_loses_no_route(rig: Rig) -> None:
    rig.fake.next["activities"].append(Reply(403, {"error": {"code": "ForbiddenOperationException"}}))
    await rig.post(typed("hello", rig.url))
    await rig.teams.drain()
    assert [word for word, _, _ in rig.presence.told] == ["wrote"]
    assert [line.split()[1] for line in rig.reports] == ["undeliverable"]
