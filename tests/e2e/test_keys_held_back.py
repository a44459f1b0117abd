"""Whoever opens far more than ordinary use asks for is stopped calmly; help, safety and what is due go on."""

from __future__ import annotations

import re
from typing import ClassVar

import pytest

from tests.e2e.conftest import Begin
from tests.e2e.deployment import METRICS_TOKEN, Deployment
from tests.e2e.screens import Screen, send
from tests.e2e.story import event, logged_and_accepted, reminded_on_day_three, web_cast
from trim_bot.domain.key_openings import KeyOpenings
from trim_bot.storage import store

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("stores", ["sqlite"], indirect=True)]
CODE = r"\b[a-z0-9]{4}(?:-[a-z0-9]{4}){3}\b"
HELD = "Not open just now"
OTHERS = ("driver", "porter")
WORDS = "It has all been too much since the spring"


class HourHand:
    """The time that nobody can move, moved by the test."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def _metrics(at: Deployment) -> dict[str, float]:
    headers = {"authorization": f"Bearer {METRICS_TOKEN}"}
    text = (await (await at.client()).get("/metrics", headers=headers)).text
    rows = [line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("trim_bot_keys")]
    return {name: float(value) for name, value in rows}


class Room(KeyOpenings):
    """Wide, until it is closed at what was opened so far."""

    made: ClassVar[list[Room]] = []
    steady = HourHand()

    def __init__(self) -> None:
        super().__init__(1000, 1, self.steady)
        self.made.append(self)

    def close(self) -> None:
        """From here on a little that is new is opened, and no more."""
        self._most = 2 + max(len(lately) for lately in self._lately.values())


async def test_reading_on_and_on_is_stopped_and_help_safety_and_the_clock_go_on(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    at, steady = await begin("web"), Room.steady
    cast = await web_cast(at)
    peter, others = await at.web("peter"), [await at.web(name) for name in OTHERS]
    await send(await peter.say("peer", "log"), **event(*others, mine=True))
    await at.drain()
    for one in others:
        await (await one.open_newest()).press("offer_yes")
    await logged_and_accepted(cast)
    await reminded_on_day_three(cast)
    monkeypatch.setattr(store, "KeyOpenings", Room)
    await at.restart()
    step = await _interview(at)
    Room.made[-1].close()
    capfd.readouterr()

    peter = await at.web("peter")
    for _ in range(3):
        held = await peter.say("peer", "cases")
        assert held.title == HELD
        assert "Nothing was saved" in held.text and "ring your local emergency number" in held.text
    # Whoever serves is led on from there to a call for safety.
    concern = await held.press("concern")
    assert concern.title == "Safety concern" and concern.has("safety_call") and "Driver" not in concern.text
    assert (await concern.press("safety_call")).title == "Stay with them, get help"
    assert (await peter.say("support", "me")).title != HELD
    assert capfd.readouterr().err.count("keys held back") == 1
    assert (await _metrics(at))["trim_bot_keys_held_back_total"] >= 3

    # Everybody sees their own, whoever read so much.
    own = [(await (await at.web(name)).say("support", "me")).title for name in (*OTHERS, "quinn", "dora")]
    assert HELD not in own, own

    lena = await at.web("lena")
    before = await lena.told()
    asked = await step.press("safety_ask")
    assert asked.title != HELD
    assert (await asked.press("safety_call")).title != HELD
    await at.drain()
    assert await lena.told() > before
    waiting = await lena.open_newest()
    call = await waiting.press("open") if waiting.has("open") else waiting
    assert "worried about someone's safety" in call.text
    stranger = await at.stranger()
    asked = await send(await stranger.get("/o/acme/ask"), text=WORDS, contact="")
    assert re.search(CODE, asked.text)
    assert (await stranger.get("/help-now")).text

    steady.now += 60 * 60
    assert (await peter.say("peer", "cases")).title != HELD


async def _interview(at: Deployment) -> Screen:
    """The first step of the talk with the nurse, as the one who holds it has it open."""
    case = await (await (await at.web("priya")).say("peer", "cases")).press("case")
    notice = await case.press("interview")
    return await send(notice, acknowledged=True) if notice.form == "notice" else notice
