"""Who may look at what came to nobody: every lead, and of those who may take it the few who were told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.app.relations import LEADS, Small, a_case, a_request, a_step
from trim_bot.app.cases import entitled
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import CaseId, MemberId
from trim_bot.domain.people import Training
from trim_bot.domain.steps import Rung, StepKind

pytestmark = pytest.mark.anyio
AS_DRAWN = True
PRACTITIONERS = frozenset({"cover", "holder", "logger", "other"})
WAITS = a_step(StepKind.ASSIGN, "c", case_id=CaseId("c"))
UNTAKEN = a_step(StepKind.REQUEST, "r")


def trained(name: str) -> Callable[[Tx], Training]:
    since, until = date(2026, 1, 5), date(2028, 1, 5)
    return lambda tx: Training(f"t-{name}", tx.new_key(), MemberId(name), "Trainer", since, until)


async def test_what_came_to_nobody_is_any_leads_to_take_and_half_of_the_others_were_told_of_it() -> None:
    small = await Small().begin()
    await small.put(*(trained(name) for name in sorted(PRACTITIONERS)), a_case(), a_request())
    await small.put(replace(WAITS, rung=Rung.NOBODY), replace(UNTAKEN, rung=Rung.NOBODY))
    for who in (
        await small.who(entitled.waiting_case, case="c"),
        await small.who(entitled.waiting_request, request="r"),
    ):
        assert who >= LEADS
        assert len(who & PRACTITIONERS) == 2
