"""Whatever anybody does in whatever order: nothing goes silent, nobody in conflict holds it, nothing breaks."""

from __future__ import annotations

import pytest

from tests.app.walking import Walk, check
from tests.builders import Town, log_values
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.steps import OPEN_STATES, Step

pytestmark = pytest.mark.anyio
SEEDS = range(12)
STEPS = 120


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_walk_keeps_every_promise(seed: int) -> None:
    walk = Walk(seed)
    await walk.settle()
    await walk.begin()
    try:
        await walk.go(STEPS)
    except AssertionError as broken:
        raise AssertionError(f"{broken}; seed {seed}; last moves: {walk.moves[-12:]}") from broken


async def test_the_check_sees_a_case_that_waits_for_nothing(town: Town) -> None:
    form = await town.say("priya", "peer", "log")
    await town.send("priya", form, **log_values(town.actor("nurse"), mine=True))
    await town.clockwork.drain()
    await town.press("nurse", await town.open("nurse"), "offer_yes")
    await town.work(check)

    def lose(tx: Tx) -> None:
        for step in tx.find(Step, state=OPEN_STATES):
            tx.drop(Step, step.id)

    await town.write(lose)
    with pytest.raises(AssertionError, match="waits for nothing"):
        await town.work(check)
