"""Each relationship, asked of everybody in a small town: exactly those named may, and nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from inspect import getmembers, isfunction
from types import SimpleNamespace
from typing import Any

import pytest

from tests.app.relations import (
    CALL,
    ENDED,
    EVERYBODY,
    LEADS,
    NOBODY,
    Small,
    a_case,
    a_request,
    a_step,
    an_incident,
    an_offer,
)
from tests.builders import MONDAY, TEAM
from trim_bot.app.cases import entitled
from trim_bot.app.people.meeting import who_is
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.route import always, of_member
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import CheckIn, CheckInState
from trim_bot.domain.ids import CaseId, CheckInId, MemberId, ReferralId, ServiceId, StepId
from trim_bot.domain.people import Address, Platform
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio
MOMENT = timedelta(microseconds=1)


@pytest.fixture
async def small() -> Small:
    """Everybody, and nothing that happened yet."""
    return await Small().begin()


@pytest.mark.parametrize(
    "rule",
    [
        function
        for name, function in getmembers(entitled, isfunction)
        if not name.startswith("_")
        and function.__module__ == entitled.__name__
        and "asked" in function.__code__.co_varnames[: function.__code__.co_argcount]
    ],
    ids=lambda rule: str(rule.__name__),
)
async def test_what_is_not_there_is_open_to_nobody(small: Small, rule: Callable[[Work, Any], None]) -> None:
    named = ("offer", "incident", "case", "check_in", "referral", "request", "account", "member", "step")
    assert await small.who(rule, **dict.fromkeys(named, "gone")) == NOBODY
    assert await small.who(rule, **dict.fromkeys(named, "")) == NOBODY


async def test_an_offer_is_its_persons_own(small: Small) -> None:
    await small.put(an_incident, an_offer())
    assert await small.who(entitled.own_offer, offer="o") == {"nurse"}


async def test_an_incident_is_its_loggers(small: Small) -> None:
    await small.put(an_incident)
    assert await small.who(entitled.logged_incident, incident="i") == {"logger"}


@pytest.mark.parametrize(
    ("changes", "steps", "who"),
    [
        ({}, [], NOBODY),
        ({"holder": MemberId("holder"), "cover": MemberId("cover")}, [], {"holder"}),
        ({"holder": MemberId("boss")}, [], NOBODY),
        ({"holder": MemberId("nurse")}, [], NOBODY),
        ({"called": (MemberId("dev"), MemberId("boss"), MemberId("nurse"))}, [], {"dev"}),
        ({}, [CALL], {"lena"}),
        ({}, [replace(CALL, state=StepState.DONE)], NOBODY),
        ({}, [replace(CALL, case_id=CaseId("another"))], NOBODY),
        ({"holder": MemberId("holder"), **ENDED}, [CALL], NOBODY),
    ],
)
async def test_content_is_for_whoever_holds_covers_or_is_called(
    small: Small, changes: dict[str, object], steps: list[Step], who: set[str]
) -> None:
    check_in = CheckIn(CheckInId("k"), CaseId("c"), "first", CheckInState.OPEN, MONDAY, MONDAY, MONDAY)
    await small.put(
        a_case(**changes), check_in,
        lambda tx: Referral(
            ReferralId("f"), tx.new_key(), CaseId("c"), ServiceId("oh"), ReferralState.OFFERED, MONDAY, MONDAY
        ),
        *steps,
    )  # fmt: skip
    assert await small.who(entitled.holds_case, case="c") == who
    assert await small.who(entitled.holds_check_in, check_in="k") == who
    assert await small.who(entitled.holds_referral, referral="f") == who


@pytest.mark.parametrize(
    ("changes", "assigned", "own", "state"),
    [
        ({"holder": MemberId("holder"), "called": (MemberId("lena"),)}, {"holder"}, {"nurse"}, True),
        ({"holder": MemberId("boss")}, NOBODY, {"nurse"}, True),
        ({"holder": MemberId("nurse")}, NOBODY, {"nurse"}, True),
        ({"holder": MemberId("holder"), **ENDED}, NOBODY, NOBODY, False),
    ],
)
async def test_a_case_is_its_holders_its_persons_and_in_its_state_the_leads(
    small: Small, changes: dict[str, object], assigned: set[str], own: set[str], state: bool
) -> None:
    await small.put(a_case(**changes))
    assert await small.who(entitled.assigned_case, case="c") == assigned
    assert await small.who(entitled.own_case, case="c") == own
    seen = await small.who(entitled.state_of_case, case="c")
    assert "nurse" not in seen
    assert bool(seen & LEADS) is state


@pytest.mark.parametrize(
    ("changes", "steps", "called", "was"),
    [
        ({}, [], NOBODY, NOBODY),
        ({"called": (MemberId("dev"), MemberId("nurse"), MemberId("boss"))}, [], {"dev"}, {"dev"}),
        ({"called": (MemberId("dev"),), **ENDED}, [], NOBODY, NOBODY),
        ({"called": (MemberId("dev"),), **ENDED}, [CALL], {"dev", "lena"}, {"dev", "lena"}),
        ({}, [CALL], {"lena"}, {"lena"}),
        ({}, [replace(CALL, holder=None, rung=Rung.NOBODY)], LEADS, LEADS),
        ({}, [replace(CALL, holder=MemberId("nurse"))], NOBODY, NOBODY),
        ({}, [replace(CALL, holder=MemberId("boss"))], NOBODY, NOBODY),
        ({}, [replace(CALL, state=StepState.DONE)], NOBODY, {"lena"}),
        ({}, [replace(CALL, state=StepState.DONE, holder=MemberId("nurse"))], NOBODY, NOBODY),
        ({}, [replace(CALL, state=StepState.DONE, holder=MemberId("boss"))], NOBODY, NOBODY),
        ({}, [replace(CALL, state=StepState.DONE, holder=MemberId("cover"))], NOBODY, {"cover"}),
        ({}, [replace(CALL, state=StepState.DONE, holder=MemberId("other"))], NOBODY, {"other"}),
        (ENDED, [replace(CALL, state=StepState.DONE)], NOBODY, NOBODY),
        (
            {},
            [replace(CALL, state=StepState.DONE), replace(CALL, id=StepId("2"), holder=MemberId("dev"))],
            {"dev"},
            {"dev"},
        ),
        ({}, [a_step(StepKind.REVIEW, "c", case_id=CaseId("c"), holder=MemberId("lena"))], NOBODY, NOBODY),
    ],
)
async def test_a_safety_call_is_for_whoever_was_called(
    small: Small, changes: dict[str, object], steps: list[Step], called: set[str], was: set[str]
) -> None:
    await small.put(a_case(**changes), *steps)
    assert await small.who(entitled.called_to_case, case="c") == called
    assert await small.who(entitled.was_called, case="c") == was


@pytest.mark.parametrize(
    ("ago", "opens"),
    [
        (timedelta(days=14) - MOMENT, True),
        (timedelta(days=14), False),
        (timedelta(days=14) + MOMENT, False),
        (timedelta(days=60), False),
    ],
)
async def test_what_a_call_opened_is_closed_a_fortnight_after_it_and_stays_so(
    small: Small, ago: timedelta, opens: bool
) -> None:
    over = replace(CALL, state=StepState.DONE, due_at=MONDAY - ago)
    await small.put(a_case(called=(MemberId("dev"),)), over)
    assert await small.who(entitled.was_called, case="c") == ({"lena", "dev"} if opens else NOBODY)
    assert await small.who(entitled.called_to_case, case="c") == ({"dev"} if opens else NOBODY)
    assert await small.who(entitled.holds_case, case="c") == ({"dev"} if opens else NOBODY)


async def test_what_is_about_nobody_else_is_open_to_everybody(small: Small) -> None:
    assert await small.who(always) == EVERYBODY


async def test_the_roster_names_whoever_is_there(small: Small) -> None:
    assert await small.who(entitled.serving_member, member="other") == EVERYBODY


async def test_what_a_rule_let_through_is_named_for_the_journal(small: Small) -> None:
    await small.put(an_incident, an_offer(), a_case(holder=MemberId("holder")), a_request())

    async def subject(name: str, rule: Callable[[Work, Any], None], **refs: str) -> str:
        address = Address(Platform.SLACK, TEAM, f"U{name.upper()}")

        def body(tx: Tx) -> str:
            work = of_member(small.town.desk.work(tx, small.town.organisation, who_is(tx, address), {}))
            rule(work, SimpleNamespace(**refs))
            assert work.subject is not None
            return work.subject.id

        return await small.town.write(body)

    asked: tuple[tuple[Awaitable[str], str], ...] = (
        (subject("nurse", entitled.own_offer, offer="o"), "o"),
        (subject("logger", entitled.logged_incident, incident="i"), "i"),
        (subject("holder", entitled.holds_case, case="c"), "c"),
        (subject("nurse", entitled.own_request, request="r"), "r"),
        (subject("nurse", entitled.own_chat, account="at-nurse"), "nurse"),
        (subject("nurse", always), "nurse"),
    )
    for found, wanted in asked:
        assert await found == wanted
