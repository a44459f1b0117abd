"""Whatever ends says when it did, since keeping counts from there; an answer says when it was given and read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.app.asking import ask, taken, the_request
from tests.builders import MONDAY, Town, log_values
from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import NOBODY, OPEN_STATES, OutboxState, Outgoing, Step

pytestmark = pytest.mark.anyio


async def test_a_request_says_when_it_ended_was_answered_and_was_read(town: Town) -> None:
    view = await taken(town)
    await town.pass_time(days=31)
    await town.send("priya", view, reply="Here is who can help", then="close")
    request = await the_request(town)
    assert (request.state, request.ended_at) == (RequestState.CLOSED, town.clock.now())
    assert (request.answered_at, request.read_at) == (town.clock.now(), None)
    await town.pass_time(days=2)
    await town.say("nurse", "me")
    first = town.clock.now()
    assert (await the_request(town)).read_at == first
    await town.pass_time(days=2)
    await town.say("nurse", "me")
    assert (await the_request(town)).read_at == first, "keeping counts from the first reading"


async def test_another_answer_is_one_that_nobody_has_read(town: Town) -> None:
    view = await taken(town)
    view = await town.send("priya", view, reply="The first", then="wait")
    await town.say("nurse", "me")
    assert (await the_request(town)).read_at == town.clock.now()
    await town.pass_time(hours=3)
    again = await town.press("priya", await town.say("priya", "peer", "due"), "open")
    await town.send("priya", again, reply="The second", then="wait")
    request = await the_request(town)
    assert (request.answered_at, request.read_at, request.ended_at) == (town.clock.now(), None, None)


async def test_a_request_taken_back_has_ended_and_holds_no_answer(town: Town) -> None:
    await ask(town)
    await town.press("nurse", await town.say("nurse", "me"), "withdraw_request")
    request = await the_request(town)
    assert (request.ended_at, request.answered_at, request.read_at) == (MONDAY, None, None)


async def test_steps_and_messages_say_when_they_ended(town: Town) -> None:
    """Whatever became of them, and however long they had waited."""
    await town.send(
        "priya", await town.say("priya", "peer", "log"), **log_values(town.actor("nurse"), mine=True)
    )
    await ask(town, "driver")
    await town.clockwork.drain()
    await town.pass_time(days=40)
    await town.press("driver", await town.say("driver", "me"), "withdraw_request")
    ended = await town.write(lambda tx: [one for one in tx.find(Step) if one.state not in OPEN_STATES])
    assert ended
    assert max(one.due_at for one in ended) == town.clock.now()
    sent = await town.all(Outgoing, state=OutboxState.SENT)
    assert all(one.due_at >= MONDAY - timedelta(days=1) for one in sent) and sent
    assert {(one.due_at.hour, one.due_at.minute, one.member_id, one.step_id) for one in sent} == {
        (0, 0, NOBODY, None)
    }, "no time but the day, and nobody"
