"""A team is asked as cheaply as one colleague, and what a transaction has just saved counts in its next question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Engine, event

from tests.app.beginnings import open_case_for
from tests.builders import Town
from tests.reading import buttons
from tests.storage.conftest import Rig
from trim_bot.app.cases.opening import open_case
from trim_bot.app.people.eligible import LINE, who_is_still_here, who_may_take
from trim_bot.app.seam.work import Concerned, UnitOfWork
from trim_bot.app.waiting.ladder import by_load, next_owner, pool, who_is_reachable
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import AccountId, CaseId, IncidentId, MemberId, new_id
from trim_bot.domain.incidents import Directness, Exposure
from trim_bot.domain.people import (
    Account,
    Availability,
    Grant,
    Member,
    Platform,
    ReportingLine,
    Role,
    Training,
)
from trim_bot.domain.steps import Rung, Step, StepKind

EVENT = IncidentId("event")
QUESTIONS: tuple[Callable[[UnitOfWork, Step], object], ...] = (
    pool,
    next_owner,
    lambda work, step: next_owner(work, replace(step, kind=StepKind.FIRST_CONTACT, promised_at=work.now)),
    lambda work, step: next_owner(work, replace(step, rung=Rung.COVER)),
    lambda work, step: by_load(work),
    lambda work, step: who_is_reachable(work, pool(work, step)),
    lambda work, step: who_is_still_here(work, pool(work, step)),
)


def _serve(work: UnitOfWork, number: int) -> MemberId:
    """One more practitioner in date, with two chats and a case in their hands, whom the person's line does not meet."""
    tx = work.tx
    member = Member(MemberId(f"crew{number}"), tx.new_key(), f"Crew {number}", asked=True)
    tx.add(member)
    for team in "AB":
        address = f"slack:T{team}/U{number}"
        tx.add(Account(AccountId(new_id()), member.key_id, member.id, Platform.SLACK, address))
        tx.add(ReportingLine(new_id(), tx.keyed(LINE, address), tx.keyed(LINE, "slack:T/UBOSS")))
    tx.add(Grant(new_id(), member.id, Role.PRACTITIONER, work.now))
    for year in (2024, 2026):
        tx.add(
            Training(new_id(), member.key_id, member.id, "Trainer", date(year, 1, 5), date(year + 2, 1, 5))
        )
    tx.add(Exposure(new_id(), member.key_id, EVENT, member.id, Directness.MISTAKEN))
    case = open_case(
        work, member_id=work.tx.find(Member, left=False)[0].id, programme="trim_style_v1", holder=None,
        exposure_ended=work.now,
    )  # fmt: skip
    tx.save(replace(case, holder=member.id))
    return member.id


async def _town(rig: Rig) -> tuple[Town, Step]:
    """A person with a line above them and an event behind them, whose case waits for somebody to take it."""
    town = Town(store=rig.store)
    await town.found()
    await town.add("nurse")
    await town.add("lena", Role.LEAD)
    case = await open_case_for(town, "nurse")

    def body(work: UnitOfWork) -> Step:
        nurse, boss = (town.actor(name).address.text for name in ("nurse", "boss"))
        work.tx.add(ReportingLine(new_id(), work.tx.keyed(LINE, nurse), work.tx.keyed(LINE, boss)))
        kept = work.tx.get(Case, case.id)
        assert kept is not None
        work.tx.save(replace(kept, incidents=(EVENT,)))
        [step] = work.tx.find(Step, case_id=case.id, rung=Rung.POOL)
        return step

    return town, await town.work(body)


@contextmanager
def _statements(rig: Rig, *engines: Engine) -> Iterator[list[str]]:
    """What is run on these engines, or on that which writes."""
    asked = engines or (rig.store._writing,)
    seen: list[str] = []

    def note(_: object, cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    for engine in asked:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in asked:
        event.remove(engine, "before_cursor_execute", note)


async def _cost(
    rig: Rig, town: Town, step: Step, question: Callable[[UnitOfWork, Step], object]
) -> list[str]:
    await town.work(lambda work: question(work, step))
    with _statements(rig) as seen:
        await town.work(lambda work: question(work, step))
    return seen


def test_two_hundred_cost_as_many_statements_as_five(rig: Rig) -> None:
    async def both() -> None:
        town, step = await _town(rig)
        costs: list[list[list[str]]] = []
        for first, last in ((0, 5), (5, 200)):
            await town.work(lambda work: [_serve(work, one) for one in range(first, last)])  # noqa: B023
            assert len(await town.work(lambda work: pool(work, step))) == last
            costs.append([await _cost(rig, town, step, question) for question in QUESTIONS])
        assert costs[0] == costs[1]
        assert max(len(cost) for cost in costs[0]) <= 25

    asyncio.run(both())


def test_what_the_transaction_has_saved_counts_at_once(rig: Rig) -> None:
    async def told() -> None:
        town, step = await _town(rig)
        await town.work(lambda work: [_serve(work, one) for one in range(9)])
        await town.work(lambda work: _one_after_the_other(work, town, step))

    asyncio.run(told())


def _one_after_the_other(work: UnitOfWork, town: Town, step: Step) -> None:
    """Each change takes one more out of the pool, and the rest stay in it."""
    tx = work.tx
    crew = [MemberId(f"crew{one}") for one in range(9)]
    assert pool(work, step) == crew
    away = tx.get_many(Member, crew)
    tx.save(replace(away[crew[0]], availability=Availability.AWAY))
    assert pool(work, step) == crew[1:]
    tx.save(replace(away[crew[1]], left=True))
    assert pool(work, step) == crew[2:]
    [grant] = tx.find(Grant, member_id=crew[2])
    tx.drop(Grant, grant.id)
    assert pool(work, step) == crew[3:]
    newest = tx.find(Training, member_id=crew[3], order_by="-trained_on")[0]
    tx.save(replace(newest, expires_on=work.now.date() - timedelta(days=1)))
    assert pool(work, step) == crew[4:]
    boss = tx.keyed(LINE, town.actor("boss").address.text)
    tx.add(ReportingLine(new_id(), boss, tx.keyed(LINE, "slack:TA/U4")))
    assert pool(work, step) == crew[5:]
    [exposure] = tx.find(Exposure, member_id=crew[5])
    tx.save(replace(exposure, directness=Directness.PERIPHERAL))
    assert pool(work, step) == crew[6:]
    case = tx.get(Case, CaseId(step.case_id or ""))
    assert case is not None
    tx.save(replace(case, refused=(crew[6],)))
    assert pool(work, step) == crew[7:]
    held = tx.find(Case, holder=crew[7])[0]
    for number in range(work.site.most_open_cases - 1):
        tx.add(replace(held, id=CaseId(f"more{number}")))
    assert pool(work, step) == crew[8:]
    assert who_may_take(work, reversed(crew), Concerned(case.member_id)) == [crew[8], *reversed(crew[5:7])]


def test_a_list_of_what_waits_costs_no_more_for_each_thing_in_it(rig: Rig) -> None:
    async def both() -> None:
        town, _ = await _town(rig)
        await town.add("priya", Role.PRACTITIONER)
        costs: list[list[str]] = []
        for first, last in ((0, 2), (2, 12)):
            for number in range(first, last):
                await town.add(f"person{number}")
                await open_case_for(town, f"person{number}")
            await town.say("priya", "peer", "due")
            with _statements(rig) as seen:
                page = await town.say("priya", "peer", "due")
            assert len(buttons(page, "open")) == last + 1
            costs.append(seen)
        assert len(costs[0]) == len(costs[1])

    asyncio.run(both())


def test_a_beat_with_nothing_to_do_only_asks_what_is_due(rig: Rig) -> None:
    async def beat() -> None:
        town = Town(store=rig.store)
        await town.found()
        with _statements(rig, rig.store._writing, rig.store._reading) as seen:
            assert await town.clockwork.run_due() == 0
            assert await town.clockwork.deliver() == 0
        assert sum("FROM organisation" in one for one in seen) == 0
        assert sum(one.startswith("WITH due") for one in seen) == 3

    asyncio.run(beat())
