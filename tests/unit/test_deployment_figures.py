"""What is told of all processes in figures: ages and ways of sending, never how many of anything wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.web.figures import FiguresNow, ProcessFigures
from tests.builders import MONDAY
from tests.unit.test_process_beats import beat
from trim_bot.app.seam.views import Message
from trim_bot.app.watch.deployment_figures import LEAST_LATE, deployment_figures
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


def test_nothing_is_told_of_what_is_late_by_less_than_a_minute() -> None:
    def late(step: float | None, message: float | None) -> tuple[float | None, float | None]:
        one = replace(beat("a"), late=(step, message))
        found = deployment_figures(Pulse(MONDAY, (one,)), SOON, ())
        return found.step_age, found.message_age

    assert late(LEAST_LATE - 1, None) == (0.0, 0.0)
    assert late(90.0, 3_600.0) == (90.0, 3_600.0)


def test_while_no_worker_is_there_what_was_late_becomes_later() -> None:
    gone = replace(beat("a", ago=GONE_AFTER * 2), late=(1.0, None))
    found = deployment_figures(Pulse(MONDAY, (gone,)), SOON, ())
    assert found.step_age == 2 * GONE_AFTER.total_seconds() + 11


class Sends:
    """Implements `Messenger`: takes a message, or meets a trouble."""

    def __init__(self) -> None:
        self.meets: Exception | None = None

    async def send(self, _address: Address, _message: Message, _route: str) -> str:
        if self.meets is not None:
            raise self.meets
        return "handle"


async def test_sends_are_counted_in_minutes_and_nobody_who_cannot_be_reached_shows() -> None:
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
        ("slack", "sent"): 2,
        ("slack", "unreachable"): 1,
        ("slack", "slow"): 1,
        ("slack", "put_off"): 1,
        ("slack", "refused"): 1,
    }


def test_the_text_has_a_line_for_each() -> None:
    working = replace(beat("a"), sends=(("slack", "sent", 3),), late=(None, 120.0))
    other = replace(beat("b", ProcessRole.WEB), sends=(("slack", "sent", 2),))
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
        "trim_bot_oldest_step_age_seconds 0.0",
        "trim_bot_oldest_message_age_seconds 120.0",
        "trim_bot_backup_age_seconds 10.0",
        'trim_bot_send_minutes_total{outcome="sent",platform="slack"} 5.0',
        'trim_bot_outage_seconds{cause="refused",part="slack"} 3610.0',
    } <= set(lines)
