"""What waits for oneself: one's own and what one may take, without reading what waits for everybody else."""

from __future__ import annotations

import pytest

from tests.app.asking import ask
from tests.app.beginnings import open_case_for
from tests.builders import Town
from tests.fakes.tx import FakeTx
from tests.reading import buttons, everything_in
from trim_bot.domain.steps import Step

pytestmark = pytest.mark.anyio


async def test_the_list_reads_ones_own_steps_and_the_pool(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_case_for(town, "driver", holder="paul")
    await open_case_for(town, "porter", holder="priya")
    await ask(town)
    await town.pass_time(days=4)
    asked: list[dict[str, object]] = []
    find = FakeTx.find

    def spied(self, kind, /, **where):
        if kind is Step:
            asked.append(where)
        return find(self, kind, **where)

    monkeypatch.setattr(FakeTx, "find", spied)
    view = await town.say("priya", "peer", "due")
    assert len(buttons(view, "open")) == 2
    assert asked
    assert all({"holder", "rung", "case_id", "subject"} & set(where) for where in asked)


async def test_a_request_one_took_is_told_apart_from_those_nobody_has(town: Town) -> None:
    await ask(town, "nurse", named=False)
    await ask(town, "driver", named=False)
    await town.clockwork.drain()
    waiting = await town.say("priya", "peer", "due")
    assert "A request you took" not in everything_in(waiting)
    await town.press("priya", await town.press("priya", waiting, "open"), "take_request")
    labels = [button.label for button in buttons(await town.say("priya", "peer", "due"), "open")]
    assert "Open: A request you took" in labels
    assert "Open: Someone asked for support" in labels
    other = everything_in(await town.say("paul", "peer", "due"))
    assert "A request you took" not in other
