"""What waits has a name for whoever may open it, and for nobody else, a lead at the end of the ladder included."""

from __future__ import annotations

import pytest

from tests.app.asking import ask, taken
from tests.app.beginnings import open_case_for
from tests.builders import Town
from tests.reading import buttons, everything_in
from trim_bot.domain.steps import Rung, Step, StepKind

pytestmark = pytest.mark.anyio


async def labels(town: Town, name: str) -> list[str]:
    return [one.label for one in buttons(await town.say(name, "waiting"), "open")]


async def test_a_talk_is_named_to_its_holder_alone(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await town.pass_time(days=4)
    assert "First talk with Nurse" in await labels(town, "priya")
    assert "Open: First talk with Nurse" in [
        one.label for one in buttons(await town.say("priya", "peer", "due"), "open")
    ]
    for name in ("paul", "lena", "dev", "cora", "adam", "driver"):
        assert "Nurse" not in everything_in(await town.say(name, "waiting"))


async def test_what_stands_at_the_end_of_the_ladder_is_not_named_to_a_lead(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    for _ in range(40):
        await town.pass_time(days=1)
    lost = [one for one in await town.all(Step, kind=StepKind.CHECK_IN) if one.rung is Rung.NOBODY]
    assert lost and await labels(town, "lena")
    assert "Nurse" not in everything_in(await town.say("lena", "waiting"))


async def test_a_request_is_named_once_it_is_taken(town: Town) -> None:
    await ask(town)
    assert "Nurse" not in everything_in(await town.say("priya", "waiting"))


async def test_a_taken_request_is_named_to_its_taker_if_they_gave_their_name(town: Town) -> None:
    await taken(town)
    await town.pass_time(days=2)
    assert any("Nurse" in one for one in await labels(town, "priya"))
