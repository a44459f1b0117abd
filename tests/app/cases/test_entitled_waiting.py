"""Who may look at what waits for somebody to take it, and who once it is taken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.relations import ALL_BUT_TWO, ENDED, EVERYBODY, LEADS, NOBODY, Small, a_case, a_request, a_step
from trim_bot.app.cases import entitled
from trim_bot.domain.ids import CaseId, MemberId
from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio


@pytest.fixture
async def small() -> Small:
    """Everybody, and nothing that happened yet."""
    return await Small().begin()


WAITS = a_step(StepKind.ASSIGN, "c", case_id=CaseId("c"))


@pytest.mark.parametrize(
    ("changes", "step", "who"),
    [
        ({}, WAITS, ALL_BUT_TWO),
        ({}, None, NOBODY),
        ({}, replace(WAITS, state=StepState.DONE), NOBODY),
        ({}, replace(WAITS, kind=StepKind.REVIEW), NOBODY),
        ({}, replace(WAITS, rung=Rung.LEAD, holder=MemberId("lena")), {"lena"}),
        ({}, replace(WAITS, rung=Rung.LEAD, holder=MemberId("boss")), NOBODY),
        ({}, replace(WAITS, rung=Rung.NOBODY), ALL_BUT_TWO),
        ({"refused": (MemberId("other"),)}, WAITS, ALL_BUT_TWO - {"other"}),
        ({"passed": (MemberId("other"),)}, WAITS, ALL_BUT_TWO - {"other"}),
        ({"member_id": MemberId("lena")}, replace(WAITS, rung=Rung.NOBODY), EVERYBODY - {"lena"}),
        ({"passed": (MemberId("lena"),)}, replace(WAITS, rung=Rung.NOBODY), ALL_BUT_TWO - {"lena"}),
        ({"refused": (MemberId("lena"),)}, replace(WAITS, rung=Rung.NOBODY), ALL_BUT_TWO - {"lena"}),
        (ENDED, WAITS, NOBODY),
    ],
)
async def test_a_waiting_case_may_be_looked_at_by_whoever_it_may_go_to(
    small: Small, changes: dict[str, object], step: Step | None, who: set[str]
) -> None:
    await small.put(a_case(**changes), *([step] if step else []))
    assert await small.who(entitled.waiting_case, case="c") == who


TAKEN = {"state": RequestState.TAKEN, "taken_by": MemberId("holder")}
UNTAKEN = a_step(StepKind.REQUEST, "r")


@pytest.mark.parametrize(
    ("changes", "step", "waiting", "holds"),
    [
        ({}, UNTAKEN, ALL_BUT_TWO, NOBODY),
        ({"passed_by": (MemberId("other"),)}, UNTAKEN, ALL_BUT_TWO - {"other"}, NOBODY),
        # Of what nobody took any lead hears, but not of their own, nor of what they passed on.
        ({"member_id": MemberId("lena")}, replace(UNTAKEN, rung=Rung.NOBODY), EVERYBODY - {"lena"}, NOBODY),
        (
            {"passed_by": (MemberId("lena"),)},
            replace(UNTAKEN, rung=Rung.NOBODY),
            ALL_BUT_TWO - {"lena"},
            NOBODY,
        ),
        ({"state": RequestState.WITHDRAWN}, None, NOBODY, NOBODY),
        (TAKEN, replace(UNTAKEN, rung=Rung.ASSIGNED, holder=MemberId("holder")), NOBODY, {"holder"}),
        (TAKEN, replace(UNTAKEN, rung=Rung.LEAD, holder=MemberId("lena")), {"lena"}, {"holder"}),
        (TAKEN, replace(UNTAKEN, rung=Rung.LEAD, holder=MemberId("boss")), NOBODY, {"holder"}),
        (TAKEN, replace(UNTAKEN, rung=Rung.NOBODY), LEADS, {"holder"}),
        (TAKEN, replace(UNTAKEN, rung=Rung.NOBODY, state=StepState.DONE), NOBODY, {"holder"}),
        (TAKEN, replace(UNTAKEN, rung=Rung.NOBODY, kind=StepKind.REVIEW), NOBODY, {"holder"}),
        ({**TAKEN, "taken_by": MemberId("boss")}, None, NOBODY, NOBODY),
        ({**TAKEN, "taken_by": MemberId("lena")}, replace(UNTAKEN, rung=Rung.NOBODY), {"dev"}, {"lena"}),
        ({"member_id": None}, UNTAKEN, EVERYBODY, NOBODY),
        ({**TAKEN, "state": RequestState.CLOSED}, None, NOBODY, NOBODY),
    ],
)
async def test_a_request_is_for_whoever_may_take_it_then_its_takers(
    small: Small, changes: dict[str, object], step: Step | None, waiting: set[str], holds: set[str]
) -> None:
    await small.put(a_request(**changes), *([step] if step else []))
    assert await small.who(entitled.waiting_request, request="r") == waiting
    assert await small.who(entitled.holds_request, request="r") == holds
    assert await small.who(entitled.waiting_or_held_request, request="r") == waiting | holds


async def test_a_request_and_a_chat_are_ones_own(small: Small) -> None:
    await small.put(a_request())
    assert await small.who(entitled.own_request, request="r") == {"nurse"}
    assert await small.who(entitled.own_chat, account="at-nurse") == {"nurse"}


@pytest.mark.parametrize(
    ("asker", "case", "about", "who"),
    [
        ("nurse", None, "nurse", NOBODY),
        (None, None, "nurse", EVERYBODY),
        (None, CaseId("c"), "nurse", NOBODY),
        (None, CaseId("c"), "unknown", EVERYBODY),
        (None, CaseId("gone"), "nurse", EVERYBODY),
    ],
)
async def test_a_reply_code_leads_only_where_nobody_knows_who_asked(
    small: Small, asker: str | None, case: CaseId | None, about: str, who: frozenset[str]
) -> None:
    member = MemberId(asker) if asker else None
    await small.put(a_request(member_id=member, case_id=case), a_case(member_id=MemberId(about)))
    assert await small.who(entitled.unknown_request, request="r") == who
