"""What is told of all processes in figures: ages and how sending fails, never what waits or goes for anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.web.figures import FiguresNow, ProcessFigures
from tests.builders import MONDAY
from tests.unit.test_process_beats import beat
from trim_bot.app.seam.views import Message
from trim_bot.app.watch.deployment_figures import deployment_figures
from trim_bot.app.watch.sends import SendMinutes, ToldMessenger
from trim_bot.domain.errors import Trouble, TryLater, Undeliverable
from trim_bot.domain.outages import Outage, OutagePart
from trim_bot.domain.people import Address
from trim_bot.domain.process_beats import GONE_AFTER, ProcessRole, Pulse

pytestmark = pytest.mark.anyio
SOON = timedelta(seconds=10)


def test_ages_are_of_the_newest_of_each_role_and_grow_with_the_pulse() -> None:
    beats = (beat("a"), beat("b", ago=GONE_AFTER * 2), beat("w", ProcessRole.WEB, timedelta(seconds=4)))
    backup = MONDAY - timedelta(days=2)
    found = deployment_figures(Pulse(MONDAY, beats, backup), SOON, ())
    assert found.beat_ages == {"worker": 11.0, "web": 14.0}
    assert found.backup_age == 2 * 86_400 + 10
    assert deployment_figures(Pulse(MONDAY, beats), SOON, ()).backup_age is None


class Sends:
    """Implements `Messenger`: takes a message, or meets a trouble."""

    def __init__(self) -> None:
        self.meets: Exception | None = None

    async def send(self, _address: Address, _message: Message, _route: str) -> str:
        if self.meets is not None:
            raise self.meets
        return "handle"


async def test_failures_are_counted_in_minutes_and_nobody_who_cannot_be_reached_shows() -> None:
    minute, inner = [0], Sends()
    minutes = SendMinutes(lambda: minute[0])
    told = ToldMessenger(inner, "slack", minutes)
    address, message = Address.parse("slack:T1:U1"), Message("open", "stop")
    for _ in range(40):
        assert await told.send(address, message, "") == "handle"
    minute[0] = 1
    await told.send(address, message, "")
    for meets in (*(TryLater(trouble=trouble) for trouble in Trouble), Undeliverable()):
        inner.meets = meets
        with pytest.raises(type(meets)):
            await told.send(address, message, "")
    assert minutes.counts() == {
        ("slack", "unreachable"): 1,
        ("slack", "slow"): 1,
        ("slack", "put_off"): 1,
        ("slack", "refused"): 1,
    }


def test_the_text_has_a_line_for_each() -> None:
    working = replace(beat("a"), sends=(("slack", "slow", 3),))
    other = replace(beat("b", ProcessRole.WEB), sends=(("slack", "slow", 2),))
    outage = Outage(OutagePart.SLACK, "refused", "SLACK_BOT_TOKEN", MONDAY - timedelta(hours=1))
    every = deployment_figures(Pulse(MONDAY, (working, other), MONDAY), SOON, (outage,))
    figures = ProcessFigures()
    figures.statuses[200] += 1
    lines = figures.text(FiguresNow(ready=True, tick_age=1.5, all=every)).splitlines()
    assert {
        "trim_bot_ready 1.0",
        "trim_bot_tick_age_seconds 1.5",
        'trim_bot_http_responses_total{status="200"} 1.0',
        "trim_bot_keys_opened_total 0.0",
        "trim_bot_keys_held_back_total 0.0",
        'trim_bot_beat_age_seconds{role="worker"} 11.0',
        "trim_bot_backup_age_seconds 10.0",
        'trim_bot_send_minutes_total{outcome="slow",platform="slack"} 5.0',
        'trim_bot_outage_seconds{cause="refused",part="slack"} 3610.0',
    } <= set(lines)


@pytest.mark.parametrize("hung", [timedelta(), GONE_AFTER - SOON, GONE_AFTER * 3])
async def test_two_worlds_that_differ_in_one_case_show_the_same_to_the_byte(hung: timedelta) -> None:
    """Promise 7: in one of them a call for safety went out in this minute, and its record was opened."""
    shown = []
    for calls in (False, True):
        minutes = SendMinutes(lambda: 0)
        messenger = ToldMessenger(Sends(), "slack", minutes)
        if calls:
            await messenger.send(Address.parse("slack:T1:U1"), Message("open", "stop"), "")
        sends = tuple((*way, count) for way, count in minutes.counts().items())
        pulse = Pulse(MONDAY, (replace(beat("a", ago=hung), sends=sends),), MONDAY)
        now = FiguresNow(
            ready=True, tick_age=1.0, keys=(7 if calls else 2, 0), all=deployment_figures(pulse, SOON, ())
        )
        text = ProcessFigures().text(now)
        shown.append([line for line in text.splitlines() if not line.startswith(_OF_THE_MACHINE)])
    assert shown[0] == shown[1]


_OF_THE_MACHINE = ("trim_bot_uptime_seconds ", "trim_bot_resident_bytes ")
