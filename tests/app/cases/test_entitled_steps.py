"""Who may get in touch, talk a case over, or open it again, asked of everybody in a small town."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.app.relations import ENDED, LEADS, NOBODY, Small, a_case, a_request, a_step
from tests.builders import MONDAY
from trim_bot.app.cases import entitled
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.cases import CloseReason
from trim_bot.domain.ids import CaseId, MemberId
from trim_bot.domain.people import Training
from trim_bot.domain.policy import POLICY
from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio
CASE = CaseId("c")
HELD = {"holder": MemberId("holder")}
OVER = {**ENDED, "close_reason": CloseReason.FINISHED}


@pytest.fixture
async def small() -> Small:
    """Everybody, and nothing that happened yet."""
    return await Small().begin()


@pytest.mark.parametrize(
    ("changes", "who"),
    [
        ({**OVER, "closed_by": MemberId("holder")}, {"holder", *LEADS}),
        ({**OVER, "closed_by": MemberId("boss")}, LEADS),
        ({**OVER, "closed_by": MemberId("nurse")}, LEADS),
        ({**OVER, "member_id": MemberId("lena"), "closed_by": MemberId("holder")}, {"holder", "dev", "boss"}),
        ({**OVER, "member_id": MemberId("holder"), "closed_by": MemberId("holder")}, {*LEADS, "boss"}),
        (
            {**OVER, "closed_by": MemberId("holder"), "refused": (MemberId("dev"), MemberId("holder"))},
            {"lena"},
        ),
        ({**OVER, "closed_by": MemberId("holder"), "close_reason": CloseReason.WITHDRAWN}, NOBODY),
        ({**OVER, "closed_by": MemberId("holder"), "closed_at": MONDAY - timedelta(days=400)}, NOBODY),
        ({"closed_by": MemberId("holder")}, NOBODY),
    ],
)
async def test_whoever_ended_a_case_or_leads_may_open_it_again(
    small: Small, changes: dict[str, object], who: set[str]
) -> None:
    await small.put(a_case(**changes))
    assert await small.who(entitled.may_reopen, case="c") == who


TALK = a_step(StepKind.SUPERVISION, "c", case_id=CASE, rung=Rung.LEAD, holder=MemberId("lena"))


@pytest.mark.parametrize(
    ("changes", "step", "who"),
    [
        (HELD, TALK, {"lena"}),
        ({"holder": MemberId("lena")}, TALK, NOBODY),
        ({"member_id": MemberId("lena")}, TALK, NOBODY),
        ({}, replace(TALK, holder=MemberId("boss")), NOBODY),
        ({}, replace(TALK, state=StepState.DONE), NOBODY),
        ({}, replace(TALK, kind=StepKind.REVIEW), NOBODY),
        (ENDED, TALK, NOBODY),
    ],
)
async def test_a_case_is_talked_over_with_whom_it_came_to_and_never_with_its_own_holder(
    small: Small, changes: dict[str, object], step: Step, who: set[str]
) -> None:
    await small.put(a_case(**changes), step)
    assert await small.who(entitled.holds_supervision, step=step.id) == who


FIRST = a_step(StepKind.FIRST_CONTACT, "c", case_id=CASE, rung=Rung.ASSIGNED, holder=MemberId("holder"))


@pytest.mark.parametrize(
    ("changes", "step", "who"),
    [
        (HELD, FIRST, {"holder"}),
        (HELD, replace(FIRST, rung=Rung.COVER, holder=MemberId("cover")), {"holder", "cover"}),
        ({"holder": MemberId("boss")}, replace(FIRST, holder=MemberId("boss")), NOBODY),
        (HELD, replace(FIRST, state=StepState.DONE), NOBODY),
        (HELD, replace(FIRST, kind=StepKind.REVIEW), NOBODY),
        ({**HELD, **ENDED}, FIRST, NOBODY),
    ],
)  # fmt: skip
async def test_whoever_holds_the_case_gets_in_touch(
    small: Small, changes: dict[str, object], step: Step, who: set[str]
) -> None:
    await small.put(a_case(**changes), step)
    assert await small.who(entitled.holds_first_contact, step=step.id) == who


async def test_whoever_took_the_request_gets_in_touch(small: Small) -> None:
    step = replace(FIRST, subject="r", case_id=None)
    await small.put(a_request(state=RequestState.TAKEN, taken_by=MemberId("holder")), step)
    assert await small.who(entitled.holds_first_contact, step=step.id) == {"holder"}


@pytest.mark.parametrize(("left", "opens"), [(timedelta(microseconds=1), True), (timedelta(0), False)])
async def test_a_holder_whose_training_ran_out_keeps_a_case_for_a_time_and_whoever_covers_is_not_shut_out(
    small: Small, left: timedelta, opens: bool
) -> None:
    def training(tx: Tx) -> Training:
        return Training("t", tx.new_key(), MemberId("holder"), "Trainer", date(2024, 1, 5), date(2026, 1, 5))

    told_at = MONDAY - POLICY.lapsed_holds_for + left
    covered = replace(FIRST, rung=Rung.COVER, holder=MemberId("cover"))
    await small.put(a_case(**HELD, lapse_told_at=told_at), training, covered)
    holder = {"holder"} if opens else NOBODY
    assert await small.who(entitled.holds_case, case="c") == {"cover", *holder}
    assert await small.who(entitled.holds_first_contact, step=covered.id) == {"cover", *holder}
    assert await small.who(entitled.assigned_case, case="c") == holder
