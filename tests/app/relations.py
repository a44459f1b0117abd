"""A small town with somebody in every relation to one nurse, and ways to ask a rule about each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from tests.builders import MONDAY, TEAM, Town
from trim_bot.app.people.eligible import line_key
from trim_bot.app.people.meeting import who_is
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.route import of_member
from trim_bot.app.seam.work import Work
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import AccountId, CaseId, IncidentId, KindId, MemberId, OfferId, RequestId, StepId
from trim_bot.domain.incidents import Incident, Offer, OfferState
from trim_bot.domain.people import Account, Address, Grant, Member, Platform, ReportingLine, Role
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

Rule = Callable[[Work, Any], None]
"""Of whichever kind of command it is for; it raises what is not open."""

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
                tx.add(Account(AccountId(f"at-{name}"), member.key_id, member.id, Platform.SLACK, address))
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

    async def who(self, rule: Rule, **refs: str) -> frozenset[str]:
        """Everybody whom a rule lets through."""
        return frozenset([name for name in ROLES if await self._may(name, rule, refs)])

    async def _may(self, name: str, rule: Rule, refs: dict[str, str]) -> bool:
        address = Address(Platform.SLACK, TEAM, f"U{name.upper()}")

        def body(tx: Tx) -> bool:
            work = of_member(self.town.desk.work(tx, self.town.organisation, who_is(tx, address), {}))
            # Another object with the same id, as a database hands out: nothing may depend on being the same one.
            work.who = replace(work.who, member=replace(work.who.member, id=MemberId("".join(list(name)))))
            try:
                rule(work, SimpleNamespace(**{key: "".join(list(value)) for key, value in refs.items()}))
            except NotOpen:
                return False
            assert work.subject is not None
            return True

        return await self.town.write(body)


def a_case(**changes: Any) -> Callable[[Tx], Case]:
    """The nurse's case, open and with nobody unless `changes` say so."""

    def make(tx: Tx) -> Case:
        plain = Case(CaseId("c"), tx.new_key(), MemberId("nurse"), "trim_style_v1", CaseState.OPEN, MONDAY)
        return replace(plain, **changes)

    return make


def a_step(kind: StepKind, subject: str, **changes: Any) -> Step:
    """An open step of that kind, in the pool unless `changes` say so."""
    plain = Step(
        StepId(f"{kind.value}-{len(changes)}"), kind, subject, None, StepState.WAITING, Rung.POOL, None,
        MONDAY, MONDAY,
    )  # fmt: skip
    return replace(plain, **changes)


def an_incident(tx: Tx) -> Incident:
    return Incident(
        IncidentId("i"),
        tx.new_key(),
        "trim_style_v1",
        KindId("threat"),
        MONDAY,
        "",
        MemberId("logger"),
        MONDAY,
    )


def an_offer(person: str = "nurse") -> Callable[[Tx], Offer]:
    """An offer that waits for its answer."""
    return lambda tx: Offer(
        OfferId("o"), tx.new_key(), IncidentId("i"), MemberId(person), "trim_style_v1", OfferState.WAITING,
        MONDAY, MONDAY + timedelta(days=28),
    )  # fmt: skip


def a_request(**changes: Any) -> Callable[[Tx], SupportRequest]:
    """The nurse's request, waiting unless `changes` say so."""

    def make(tx: Tx) -> SupportRequest:
        plain = SupportRequest(
            RequestId("r"), tx.new_key(), MemberId("nurse"), True, RequestState.WAITING, MONDAY, "en"
        )
        return replace(plain, **changes)

    return make


CALL = a_step(StepKind.SAFETY, "c", case_id=CaseId("c"), rung=Rung.LEAD, holder=MemberId("lena"))
ENDED = {"state": CaseState.CLOSED, "closed_at": MONDAY}
ALL_BUT_TWO = EVERYBODY - {"nurse", "boss"}
