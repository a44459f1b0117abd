"""The same form or button again, by Slack's own retry or all at once: the same answer and one effect."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from tests.e2e.counting import count
from tests.e2e.deployment import Deployment
from tests.e2e.doors import Door
from tests.e2e.screens import send
from tests.e2e.slack_side import Modal
from tests.e2e.story import event, slack_cast

pytestmark = pytest.mark.anyio

TIMES = 6
TOKEN = re.compile(r"~?[A-Za-z0-9_-]{100,}")


def without_tokens(text: str) -> str:
    """An answer as it reads; references are signed afresh each time."""
    return TOKEN.sub("token", text)


async def test_a_form_sent_again_by_slack(at_slack: Deployment) -> None:
    cast = await slack_cast(at_slack)
    form = await cast.priya.say("peer", "log")
    form.fill(**event(cast.nurse, mine=True))
    assert isinstance(form, Modal)
    body = form.body()
    side = await at_slack.side()
    answers = [await side.post(body)]
    for number in ("1", "2", "3"):
        answers.append(await side.post(body, x_slack_retry_num=number, x_slack_retry_reason="http_timeout"))
    answers += await asyncio.gather(*(side.post(body) for _ in range(TIMES)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({without_tokens(answer.text) for answer in answers}) == 1
    assert "The event is logged" in json.dumps(answers[0].json())
    assert (count(at_slack, "incident"), count(at_slack, "offer"), count(at_slack, "exposure")) == (1, 1, 1)


async def test_forms_that_arrive_all_at_once(door: Door) -> None:
    cast = await door.cast()
    form = await cast.priya.say("peer", "log")
    form.fill(**event(cast.nurse, mine=True))
    answers = await door.at_once(form, TIMES)
    assert len(set(answers)) == 1 and "The event is logged" in answers[0]
    at = door.at
    assert (count(at, "incident"), count(at, "offer"), count(at, "exposure")) == (1, 1, 1)
    asking = await cast.nurse.say("support")
    asking.fill(name="named", text="Too much")
    answers = await door.at_once(asking, TIMES)
    assert len(set(answers)) == 1 and "We have your request" in answers[0]
    assert count(at, "support_request") == 1


async def test_an_error_uses_nothing_up(door: Door) -> None:
    cast = await door.cast()
    form = await cast.priya.say("peer", "log")
    form.fill(**event())
    answers = await door.at_once(form, TIMES)
    assert len(set(answers)) == 1 and "The event is logged" not in answers[0]
    form.fill(direct=[cast.nurse.ref])
    assert "The event is logged" in (await form.submit()).title
    assert count(door.at, "incident") == 1


async def test_a_yes_pressed_many_times_opens_one_case(door: Door) -> None:
    cast = await door.cast()
    await send(await cast.priya.say("peer", "log"), **event(cast.nurse, mine=True))
    await door.at.drain()
    offer = await cast.nurse.open_newest()
    answers = await door.press_at_once(offer, "offer_yes", TIMES)
    assert len(answers) == TIMES and len(set(answers)) == 1
    assert count(door.at, "support_case") == 1
    assert "Your colleague is Priya" in (await cast.nurse.say(*door.mine)).text
