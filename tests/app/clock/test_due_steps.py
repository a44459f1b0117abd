"""Due steps are moved several in one transaction, and whatever fails among them is found by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.app.beginnings import open_case_for, step_of
from tests.builders import Town
from tests.storage.running import step
from trim_bot.app.clock.due_steps import TOGETHER, in_parts
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import due
from trim_bot.domain.ids import MemberId, OrganisationId, StepId
from trim_bot.domain.steps import Step, StepKind, StepState

A, B = OrganisationId("a"), OrganisationId("b")


def test_parts_keep_the_order_and_never_mix_organisations() -> None:
    claimed = [(A, step("1")), (B, step("2")), (A, step("3")), (A, step("4")), (B, step("5"))]
    assert in_parts(claimed, 2) == [(A, ["1", "3"]), (B, ["2", "5"]), (A, ["4"])]
    assert in_parts(claimed, 1) == [(A, ["1"]), (B, ["2"]), (A, ["3"]), (A, ["4"]), (B, ["5"])]
    assert in_parts([], 8) == []


async def _with_steps(town: Town, count: int) -> list[StepId]:
    """Steps of one case that are due now, however many."""
    await open_case_for(town, "nurse", holder="priya")
    [first, *_] = await step_of(town, kind=StepKind.CHECK_IN)
    now = town.clock.now()
    ids = [StepId(f"due-{number:02}") for number in range(count)]

    def enter(tx: Tx) -> None:
        for id in ids:
            tx.add(
                Step(
                    id,
                    first.kind,
                    first.subject,
                    first.case_id,
                    StepState.WAITING,
                    first.rung,
                    first.holder,
                    now,
                    now,
                )
            )

    await town.write(enter)
    return ids


def _counted(town: Town, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    writes: list[int] = []
    write = town.store.write

    async def noted(organisation: OrganisationId, body: Callable[[Tx], Any]) -> Any:
        writes.append(1)
        return await write(organisation, body)

    monkeypatch.setattr(town.store, "write", noted)
    return writes


@pytest.mark.anyio
async def test_several_steps_are_one_transaction(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await _with_steps(town, TOGETHER * 2)
    await town.clockwork.run_due()
    town.clock.move(timedelta(days=3))
    writes = _counted(town, monkeypatch)
    moved = await town.clockwork.run_due()
    assert moved >= TOGETHER * 2
    # Leave and agreed roles may be looked at beside them.
    assert len(writes) <= moved // TOGETHER + 3


@pytest.mark.anyio
async def test_one_that_fails_among_them_is_lost_alone_and_the_others_move_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await _with_steps(town, TOGETHER)
    looks: list[str] = []
    good = due.look_at

    def look(work: UnitOfWork, id: StepId) -> bool:
        looks.append(id)
        if id == ids[-1]:
            raise KeyError("planted")
        moved = good(work, id)
        return moved

    monkeypatch.setattr("trim_bot.app.clock.due_steps.look_at", look)
    await town.clockwork.run_due()
    assert town.lost == [ids[-1]]
    failures = {one.id: one.failures for one in await town.all(Step) if one.id in ids}
    assert [id for id, count in failures.items() if count] == [ids[-1]]
    assert set(ids) <= set(looks)


@pytest.mark.anyio
async def test_calls_for_safety_are_each_a_transaction_of_their_own(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = town.clock.now()

    def enter(tx: Tx) -> None:
        for number in range(4):
            tx.add(
                step(
                    f"safety-{number}",
                    kind=StepKind.SAFETY,
                    holder=MemberId("nobody"),
                    opens_at=now,
                    due_at=now,
                )
            )

    await town.write(enter)
    writes = _counted(town, monkeypatch)
    await town.clockwork.run_due(urgent=True)
    assert len(writes) >= 4
