"""Each relationship, asked of everybody in a small town: exactly those named may, and nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from inspect import getmembers, isfunction

import pytest

from tests.builders import MONDAY, TEAM, Town
from trim_bot.app import entitled
from trim_bot.app.eligible import line_key
from trim_bot.app.entitled import Entitlement
from trim_bot.app.ports import Tx
from trim_bot.app.work import NO_STEP, Work
from trim_bot.domain.cases import Case, CaseState, CheckIn, CheckInState
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import (
    CaseId,
    CheckInId,
    IncidentId,
    MemberId,
    OfferId,
    ReferralId,
    RequestId,
    StepId,
)
from trim_bot.domain.incidents import Incident, Offer, OfferState
from trim_bot.domain.people import Account, Address, Grant, Member, Platform, ReportingLine, Role
from trim_bot.domain.referrals import Referral, ReferralState
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

pytestmark = pytest.mark.anyio

# Ids in this order, so that a rule which compares by order and not by equality lets somebody in or keeps them out.
ROLES: dict[str, tuple[Role, ...]] = {
    "aaron": (),
    "boss": (Role.PRACTITIONER, Role.LEAD),
    "cover": (Role.PRACTITIONER,),
    "dev": (Role.DEPUTY,),
    "holder": (Role.PRACTITIONER,),
    "lena": (Role.LEAD,),
    "logger": (Role.PRACTITIONER,),
    "nurse": (),
    "other": (Role.PRACTITIONER,),
    "zoe": (),
}
EVERYBODY = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()
LEADS = frozenset({"lena", "dev"})
"""Those who lead and do not manage the nurse, as `boss` does."""


class Small:
    """The town, with one of each record about the nurse."""

    def __init__(self) -> None:
        self.town = Town()

    async def begin(self) -> Small:
        """Enter everybody."""
        await self.town.found()

        def people(tx: Tx) -> None:
            for name, roles in ROLES.items():
                member = Member(MemberId(name), tx.new_key(), name.title(), asked=True)
                tx.add(member)
                address = Address(Platform.SLACK, TEAM, f"U{name.upper()}").text
                tx.add(Account(f"at-{name}", member.key_id, member.id, Platform.SLACK, address))
                for role in roles:
                    tx.add(Grant(f"{name}-{role.value}", member.id, role, MONDAY))
            lines = [
                line_key(tx, Address(Platform.SLACK, TEAM, f"U{name}").text) for name in ("NURSE", "BOSS")
            ]
            tx.add(ReportingLine("line", lines[0], lines[1]))

        await self.town.write(people)
        return self

    async def put(self, *records: Callable[[Tx], object] | object) -> None:
        """Add records; one that needs a key is a function of the transaction."""

        def body(tx: Tx) -> None:
            for record in records:
                tx.add(record(tx) if callable(record) else record)

        await self.town.write(body)

    async def who(self, rule: Entitlement, **refs: str) -> frozenset[str]:
        """Everybody whom a rule lets through."""
        return frozenset([name for name in ROLES if await self._may(name, rule, refs)])

    async def _may(self, name: str, rule: Entitlement, refs: dict[str, str]) -> bool:
        address = Address(Platform.SLACK, TEAM, f"U{name.upper()}")

        def body(tx: Tx) -> bool:
            work = self.town.desk.work(tx, self.town.organisation, address, None, {})
            assert work.who.member is not None
            # Another object with the same id, as a database hands out: nothing may depend on being the same one.
            work.who = replace(work.who, member=replace(work.who.member, id=MemberId("".join(list(name)))))
            try:
                rule(work, {key: "".join(list(value)) for key, value in refs.items()})
            except NotOpen:
                return False
            assert work.subject is not None
            return True

        return await self.town.write(body)


@pytest.fixture
async def small() -> Small:
    """Everybody, and nothing that happened yet."""
    return await Small().begin()


def a_case(**changes: object) -> Callable[[Tx], Case]:
    """The nurse's case, open and with nobody unless `changes` say so."""

    def make(tx: Tx) -> Case:
        plain = Case(CaseId("c"), tx.new_key(), MemberId("nurse"), "trim_style_v1", CaseState.OPEN, MONDAY)
        return replace(plain, **changes)  # type: ignore[arg-type]

    return make


def a_step(kind: StepKind, subject: str, **changes: object) -> Step:
    """An open step of that kind, in the pool unless `changes` say so."""
    plain = Step(
        StepId(f"{kind.value}-{len(changes)}"), kind, subject, None, StepState.WAITING, Rung.POOL, None,
        MONDAY, MONDAY,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def an_incident(tx: Tx) -> Incident:
    return Incident(
        IncidentId("i"), tx.new_key(), "trim_style_v1", "threat", MONDAY, "", MemberId("logger"), MONDAY
    )


def an_offer(person: str = "nurse") -> Callable[[Tx], Offer]:
    """An offer that waits for its answer."""
    return lambda tx: Offer(
        OfferId("o"), tx.new_key(), IncidentId("i"), MemberId(person), "trim_style_v1", OfferState.WAITING,
        MONDAY, MONDAY + timedelta(days=28),
    )  # fmt: skip


def a_request(**changes: object) -> Callable[[Tx], SupportRequest]:
    """The nurse's request, waiting unless `changes` say so."""

    def make(tx: Tx) -> SupportRequest:
        plain = SupportRequest(
            RequestId("r"), tx.new_key(), MemberId("nurse"), True, RequestState.WAITING, MONDAY, "en"
        )
        return replace(plain, **changes)  # type: ignore[arg-type]

    return make


WITHOUT_SUBJECT = ("always", "owns_step")


@pytest.mark.parametrize(
    "rule",
    [
        function
        for name, function in getmembers(entitled, isfunction)
        if not name.startswith("_")
        and function.__module__ == entitled.__name__
        and name not in WITHOUT_SUBJECT
        and "refs" in function.__code__.co_varnames[: function.__code__.co_argcount]
    ],
    ids=lambda rule: str(rule.__name__),
)
async def test_what_is_not_there_is_open_to_nobody(small: Small, rule: Entitlement) -> None:
    named = ("offer", "incident", "case", "check_in", "referral", "request", "account", "member")
    assert await small.who(rule, **dict.fromkeys(named, "gone")) == NOBODY
    assert await small.who(rule) == NOBODY


async def test_an_offer_is_its_persons_own(small: Small) -> None:
    await small.put(an_incident, an_offer())
    assert await small.who(entitled.own_offer, offer="o") == {"nurse"}


@pytest.mark.parametrize(
    ("step", "who"),
    [
        (None, {"logger"}),
        (a_step(StepKind.CONTACT, "o", rung=Rung.COVER, holder=MemberId("cover")), {"logger", "cover"}),
        (a_step(StepKind.CONTACT, "o", rung=Rung.COVER, holder=MemberId("boss")), {"logger"}),
        (a_step(StepKind.CONTACT, "o", rung=Rung.NOBODY), {"logger", *LEADS}),
        (a_step(StepKind.CONTACT, "o", rung=Rung.NOBODY, state=StepState.DONE), {"logger"}),
        (a_step(StepKind.OFFER, "o", rung=Rung.NOBODY), {"logger"}),
        (a_step(StepKind.OFFER, "o", rung=Rung.PERSON, holder=MemberId("cover")), {"logger"}),
    ],
)
async def test_telling_in_person_is_the_loggers_or_whoevers_it_became(
    small: Small, step: Step | None, who: set[str]
) -> None:
    await small.put(an_incident, an_offer(), *([step] if step else []))
    assert await small.who(entitled.logged_offer, offer="o") == who


async def test_nobody_tells_themselves_in_person(small: Small) -> None:
    await small.put(an_incident, an_offer("logger"))
    assert await small.who(entitled.logged_offer, offer="o") == NOBODY


async def test_an_incident_is_its_loggers(small: Small) -> None:
    await small.put(an_incident)
    assert await small.who(entitled.logged_incident, incident="i") == {"logger"}


CALL = a_step(StepKind.SAFETY, "c", case_id=CaseId("c"), rung=Rung.LEAD, holder=MemberId("lena"))
ENDED = {"state": CaseState.CLOSED, "closed_at": MONDAY}


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
            ReferralId("f"), tx.new_key(), CaseId("c"), "oh", ReferralState.OFFERED, MONDAY, MONDAY
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
        ({}, [replace(CALL, holder=MemberId("nurse"))], NOBODY, NOBODY),
        ({}, [replace(CALL, holder=MemberId("boss"))], NOBODY, NOBODY),
        ({}, [replace(CALL, state=StepState.DONE)], NOBODY, {"lena"}),
        ({}, [replace(CALL, state=StepState.DONE, holder=MemberId("nurse"))], NOBODY, NOBODY),
        ({}, [replace(CALL, state=StepState.DONE, holder=MemberId("boss"))], NOBODY, NOBODY),
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


WAITS = a_step(StepKind.ASSIGN, "c", case_id=CaseId("c"))
ALL_BUT_TWO = EVERYBODY - {"nurse", "boss"}


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


async def test_a_message_opens_while_its_step_is_known(small: Small) -> None:
    await small.put(UNTAKEN)
    assert await small.who(entitled.owns_step, step=UNTAKEN.id) == EVERYBODY
    assert await small.who(entitled.owns_step, step=NO_STEP) == EVERYBODY
    assert await small.who(entitled.owns_step, step="gone") == NOBODY
    assert await small.who(entitled.owns_step, step="~after every word") == NOBODY
    assert await small.who(entitled.always) == EVERYBODY


async def test_the_roster_names_whoever_is_there(small: Small) -> None:
    assert await small.who(entitled.serving_member, member="other") == EVERYBODY


async def test_what_a_rule_let_through_is_named_for_the_journal(small: Small) -> None:
    await small.put(an_incident, an_offer(), a_case(holder=MemberId("holder")), a_request())

    async def subject(name: str, rule: Entitlement, **refs: str) -> str:
        address = Address(Platform.SLACK, TEAM, f"U{name.upper()}")

        def body(tx: Tx) -> str:
            work: Work = small.town.desk.work(tx, small.town.organisation, address, None, {})
            rule(work, refs)
            assert work.subject is not None
            return work.subject.id

        return await small.town.write(body)

    asked: tuple[tuple[Awaitable[str], str], ...] = (
        (subject("nurse", entitled.own_offer, offer="o"), "o"),
        (subject("logger", entitled.logged_offer, offer="o"), "o"),
        (subject("logger", entitled.logged_incident, incident="i"), "i"),
        (subject("holder", entitled.holds_case, case="c"), "c"),
        (subject("nurse", entitled.own_request, request="r"), "r"),
        (subject("nurse", entitled.own_chat, account="at-nurse"), "nurse"),
        (subject("nurse", entitled.always), "nurse"),
    )
    for found, wanted in asked:
        assert await found == wanted
