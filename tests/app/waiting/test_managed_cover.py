"""A colleague who covers and has come to manage the person gets nothing of theirs, and is not counted as told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.beginnings import open_case_for, step_of
from tests.app.waiting.test_days_off import shifts
from tests.app.waiting.test_steady import change
from tests.builders import Town
from trim_bot.app.people.eligible import line_key
from trim_bot.app.seam.ports import Tx
from trim_bot.app.waiting.ladder import next_owner
from trim_bot.domain.ids import new_id
from trim_bot.domain.people import ReportingLine
from trim_bot.domain.steps import Rung, StepKind, StepState

pytestmark = pytest.mark.anyio


async def manages(town: Town, manager: str, person: str) -> None:
    """As when one of them shows an address that the lines know: nobody has looked at who holds what since."""

    def body(tx: Tx) -> None:
        below, above = (line_key(tx, town.actor(name).address.text) for name in (person, manager))
        tx.add(ReportingLine(new_id(), below, above))

    await town.write(body)


async def test_a_named_cover_who_manages_the_person_is_passed_over(town: Town) -> None:
    case = await open_case_for(town, "nurse", holder="priya", cover="paul")
    [step, *_] = await step_of(town, kind=StepKind.CHECK_IN, case_id=case.id)
    assert await town.work(lambda work: next_owner(work, step)) == (Rung.COVER, town.ids["paul"])
    await manages(town, "paul", "nurse")
    assert await town.work(lambda work: next_owner(work, step)) == (Rung.COVER, town.ids["lena"])
    await change(town, "priya", shifts=shifts(-1, 20))
    await town.pass_time(days=4)
    assert town.ids["lena"] in {one.holder for one in await step_of(town, case_id=case.id)}


async def test_no_message_tells_of_somebody_its_reader_manages(town: Town) -> None:
    """They would see nothing behind it, and the person would wait for days."""
    case = await open_case_for(town, "nurse", holder="priya", cover="paul")
    [step, *_] = await step_of(town, kind=StepKind.CHECK_IN, case_id=case.id)
    soon = town.clock.now()
    held = replace(step, rung=Rung.COVER, holder=town.ids["paul"], opens_at=soon)
    await town.write(lambda tx: tx.save(replace(held, due_at=step.opens_at)))
    await manages(town, "paul", "nurse")
    await town.clockwork.drain()
    await town.pass_time(hours=25)
    assert town.messages("paul"), "the steady message has gone out"
    [now] = await step_of(town, id=step.id)
    assert now.state is StepState.WAITING
