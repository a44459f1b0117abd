"""Messages cannot be told apart or joined: one random handle each, kept as a digest, and old buttons still open."""

from __future__ import annotations

import base64
import json

import pytest

from tests.app.asking import ask
from tests.app.beginnings import nothing_waits, open_case_for, step_of
from tests.builders import Town, log_values
from tests.reading import everything_in, name_of
from trim_bot.app.seam.gestures import Press
from trim_bot.domain.steps import Outgoing, StepKind

pytestmark = pytest.mark.anyio


def said(token: str) -> list[object]:
    """What anybody can read in a token."""
    held = json.loads(base64.urlsafe_b64decode(token.partition(".")[0]))
    assert isinstance(held, list)
    return held


async def everybody_told(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), town.actor("driver"), mine=True))
    await open_case_for(town, "porter", holder="paul")
    await town.clockwork.drain()
    for _ in range(3):
        await town.pass_time(days=1)


async def test_every_message_has_the_same_shape_and_nothing_in_common_with_another(town: Town) -> None:
    await everybody_told(town)
    handles = []
    for _, message in town.slack.sent:
        opening, stopping = said(message.open_token), said(message.stop_token)
        assert [len(str(part)) for part in opening] == [
            len(str(part)) for part in said(town.slack.sent[0][1].open_token)
        ]
        assert opening[2] == stopping[2]
        assert isinstance(opening[2], dict) and set(opening[2]) == {"m"}
        handles.append(opening[2]["m"])
    assert len(handles) == len(set(handles)) > 5
    kept = everything_in(await town.all(Outgoing))
    steps = {step.id for step in await step_of(town)}
    for handle in handles:
        assert handle not in kept and handle not in steps


async def test_a_message_opens_for_whoever_presses_what_is_theirs(town: Town) -> None:
    await everybody_told(town)
    offer = town.messages("nurse")[0].open_token
    assert name_of(await town.open("nurse")) == "offer"
    assert nothing_waits(await town.desk.receive(town.actor("porter"), Press("open", offer)))


async def test_an_answered_offer_stays_theirs_to_look_at(town: Town) -> None:
    await everybody_told(town)
    await town.press("nurse", await town.open("nurse"), "offer_no")
    assert name_of(await town.open("nurse")) == "offer"


async def test_buttons_of_messages_that_named_a_step_still_open(town: Town) -> None:
    await ask(town)
    [step] = await step_of(town, kind=StepKind.REQUEST)
    old = town.tokens.sign(town.organisation.id, "open", {"step": step.id}, nonce=None, expires_at=None)
    none = town.tokens.sign(town.organisation.id, "open", {"step": "none"}, nonce=None, expires_at=None)
    stop = town.tokens.sign(town.organisation.id, "stop", {}, nonce=None, expires_at=None)
    assert name_of(await town.desk.receive(town.actor("priya"), Press("open", old))) == "request"
    await town.press("nurse", await town.say("nurse", "me"), "withdraw_request")
    for token in (old, none):
        assert nothing_waits(await town.desk.receive(town.actor("priya"), Press("open", token)))
    assert name_of(await town.desk.receive(town.actor("priya"), Press("stop", stop))) == "stopped"
