"""A clock that ran ahead and was put right has silenced nothing for as long as it was ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import Town, log_values
from trim_bot.app.clock.clockwork import LONGEST_NOTE, bring_back
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.steps import OPEN_STATES, OutboxState, Outgoing, Rung, Step, StepState

pytestmark = pytest.mark.anyio
AHEAD = timedelta(days=30)


async def open_steps(town: Town) -> list[Step]:
    return await town.write(lambda tx: tx.find(Step, state=OPEN_STATES))


async def test_what_was_put_off_while_the_clock_was_ahead_is_looked_at_again(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse")))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    town.clock.move(AHEAD)
    await town.clockwork.drain()
    town.clock.move(-AHEAD)
    silenced = [
        one for one in await open_steps(town) if one.due_at > town.clock.now() + AHEAD - timedelta(days=1)
    ]
    assert silenced
    assert await town.work(bring_back) >= len(silenced)
    far = [one for one in await open_steps(town) if one.due_at > max(town.clock.now(), one.opens_at)]
    assert not {one.id for one in far} & {one.id for one in silenced if one.rung is not Rung.PERSON}


async def test_what_waits_for_its_own_time_or_for_its_person_is_left_alone(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    await town.clockwork.drain()
    [offer] = [one for one in await open_steps(town) if one.rung is Rung.PERSON]
    assert offer.state is StepState.TOLD
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    before = {one.id: one for one in await open_steps(town)}
    assert await town.work(bring_back) == 0
    assert {one.id: one for one in await open_steps(town)} == before


async def test_a_message_that_waits_for_weeks_is_decided_on_again(town: Town) -> None:
    await town.work(lambda work: None)

    def wait(tx: Tx) -> None:
        due = town.clock.now() + LONGEST_NOTE + timedelta(days=1)
        tx.add(Outgoing("late", "welcome", town.ids["nurse"], None, OutboxState.QUEUED, due))

    await town.write(wait)
    assert await town.work(bring_back) == 1
    [late] = [one for one in await town.write(lambda tx: tx.find(Outgoing)) if one.id == "late"]
    assert late.due_at == town.clock.now()
