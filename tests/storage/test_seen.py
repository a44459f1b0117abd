"""What a transaction has read or changed answers as the database would, and is written in few statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import FakeStore
from tests.storage.conftest import Rig
from tests.storage.cost import Meter
from tests.storage.running import NOW, ORG, run, step
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.figures import quarter_of, week_of
from trim_bot.domain.ids import CaseId, MemberId, StepId
from trim_bot.domain.people import Member
from trim_bot.domain.records import Measure
from trim_bot.domain.steps import Rung, Step, StepState
from trim_bot.storage.errors import NoSuchRecord, RecordExists

IDS = ("a", "b", "c", "d")
HOLDERS = (None, MemberId("m1"), MemberId("m2"))
STATES = (StepState.WAITING, StepState.DONE)
CASES = (CaseId("case1"), CaseId("case2"))
ids, holders, states = st.sampled_from(IDS), st.sampled_from(HOLDERS), st.sampled_from(STATES)
cases = st.sampled_from(CASES)
ORDERS = st.sampled_from(("id", "-id", "due_at", "-due_at", "holder", "-holder"))
Deed = Callable[[Tx], object]


@dataclass(frozen=True)
class _Line:
    """What a list shows of a step."""

    id: StepId
    holder: MemberId | None


def _told(records: list[Step]) -> list[tuple[object, ...]]:
    return [(one.id, one.holder, one.state, one.due_at, one.case_id) for one in records]


@st.composite
def searches(draw: st.DrawFn) -> Deed:
    where: dict[str, object] = {}
    for name, one in (("id", ids), ("holder", holders), ("state", states), ("case_id", cases)):
        how = draw(st.sampled_from(("not", "one", "many")))
        if how == "one":
            where[name] = draw(one)
        elif how == "many":
            where[name] = tuple(draw(st.lists(one, max_size=3)))
    order, limit = draw(ORDERS), draw(st.sampled_from((None, None, 1, 2)))
    how = draw(st.sampled_from(("lines", "tally", "find", "find")))
    if how == "lines":
        return lambda tx: tx.lines(_Line, Step, None, **where)
    if how == "tally":
        return lambda tx: sorted(tx.tally(Step, "holder", **where).items())
    return lambda tx: _told(tx.find(Step, order_by=order, limit=limit, **where))


@st.composite
def deeds(draw: st.DrawFn) -> Deed:
    """One thing a body may do, which returns what it came to."""
    id, holder, state, case = StepId(draw(ids)), draw(holders), draw(states), draw(cases)
    one = step(id, holder=holder, state=state, due_at=NOW + timedelta(hours=draw(st.integers(0, 2))))

    def put(tx: Tx) -> object:
        if tx.get(Step, id) is None:
            tx.add(one)
        else:
            tx.save(one)
        return None

    def give(tx: Tx) -> object:
        """Nothing names a case before it is made, and it is made once."""
        if tx.get(Case, case) is None:
            tx.add(Case(case, tx.new_key(), MemberId("m1"), "trim", CaseState.OPEN, NOW))
        found = tx.get(Step, id)
        if found is not None:
            tx.save(replace(found, case_id=case))
        return None

    ways: list[Deed] = [
        put,
        put,
        give,
        give,
        lambda tx: tx.drop(Step, id),
        lambda tx: _told([found] if (found := tx.get(Step, id)) else []),
        lambda tx: sorted(tx.get_many(Step, [StepId(other) for other in IDS])),
    ]
    return draw(st.sampled_from(ways))


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_a_body_finds_in_memory_what_the_database_would_find(rig: Rig) -> None:
    def told(store: Store, *bodies: list[Deed]) -> list[object]:
        run(store.write(ORG, _emptied))
        return [run(store.write(ORG, partial(_done, body))) for body in bodies]

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(deeds(), max_size=12),
        st.lists(deeds(), max_size=8),
        st.lists(searches(), min_size=1, max_size=4),
    )
    def play(before: list[Deed], deeds: list[Deed], asked: list[Deed]) -> None:
        # After each deed the same is asked again, as whoever looks at many rows does.
        asked = [*asked, *(partial(_of_case, case) for case in CASES)]
        body = [*asked, *(one for deed in deeds for one in (deed, *asked))]
        every: list[Deed] = [lambda tx: _told(tx.find(Step))]
        assert told(rig.store, before, body, every) == told(FakeStore(), before, body, every)

    play()


def _of_case(case: CaseId, tx: Tx) -> object:
    return _told(tx.find(Step, case_id=case))


def _done(deeds: list[Deed], tx: Tx) -> list[object]:
    return [deed(tx) for deed in deeds]


def _emptied(tx: Tx) -> None:
    for id in IDS:
        tx.drop(Step, StepId(id))
    for case in CASES:
        tx.drop(Case, case)


def test_many_records_of_a_kind_are_added_and_saved_in_one_statement_each(rig: Rig) -> None:
    def add(tx: Tx, first: int, count: int) -> None:
        for number in range(first, first + count):
            tx.add(Member(MemberId(f"m{number}"), tx.new_key(), f"Name {number}"))
            tx.add(step(f"s{number}", holder=MemberId(f"m{number}")))

    def change(tx: Tx) -> None:
        for one in tx.find(Step):
            tx.save(replace(one, rung=Rung.LEAD))
            tx.save(replace(one, rung=Rung.COVER))

    def statements(body: Callable[[Tx], None]) -> int:
        with meter.counting():
            run(rig.store.write(ORG, body))
        return meter.cost.statements

    meter = Meter(rig.store, rig.keys)
    run(rig.store.write(ORG, lambda tx: add(tx, 0, 1)))
    few = statements(lambda tx: add(tx, 1, 3))
    assert statements(lambda tx: add(tx, 4, 200)) == few
    statements(change)
    assert sum("UPDATE step" in one for one in meter.statements) == 1
    assert {one.rung for one in run(rig.store.read(ORG, lambda tx: tx.find(Step)))} == {Rung.COVER}


def test_a_list_that_reads_ahead_asks_nothing_for_its_rows(rig: Rig) -> None:
    def body(tx: Tx) -> list[list[Step]]:
        cases = tuple(CaseId(f"case{number}") for number in range(20))
        tx.find(Step, case_id=cases, state=STATES)
        found = []
        for case in cases:
            tx.save(replace(tx.find(Step, case_id=case, state=StepState.WAITING, limit=1)[0], tries=3))
            found.append(tx.find(Step, case_id=case, state=STATES, order_by="due_at"))
        return found

    def add(tx: Tx) -> None:
        for number in range(40):
            tx.add(step(f"s{number}", case_id=CaseId(f"case{number % 20}")))

    run(rig.store.write(ORG, add))
    meter = Meter(rig.store, rig.keys)
    with meter.counting():
        found = run(rig.store.write(ORG, body))
    assert sum("FROM step" in one for one in meter.statements) == 1
    assert sum("UPDATE step" in one for one in meter.statements) == 1
    assert [[one.tries for one in steps] for steps in found] == [[3, 0]] * 20


def test_what_was_put_off_is_there_for_whoever_counts(rig: Rig) -> None:
    def body(tx: Tx) -> tuple[dict[str, int], list[int]]:
        tx.add(step("a"))
        for _ in range(3):
            tx.count(Measure.REQUESTS, NOW.date())
        totals = [tx.counts.totals(period) for period in (week_of(NOW.date()), quarter_of(NOW.date()))]
        tx.count(Measure.REQUESTS, NOW.date(), 2)
        return tx.tally(Step, "holder"), [one[Measure.REQUESTS] for one in totals]

    assert run(rig.store.write(ORG, body)) == ({"holder": 1}, [3, 3])
    totals = run(rig.store.read(ORG, lambda tx: tx.counts.totals(week_of(NOW.date()))))
    assert totals[Measure.REQUESTS] == 5


def test_ids_that_are_taken_or_missing_are_told_however_late(rig: Rig) -> None:
    def again(tx: Tx) -> None:
        tx.add(step("a"))
        tx.add(step("b"))

    def twice(tx: Tx) -> None:
        tx.add(step("c"))
        tx.add(step("c"))

    def missing(tx: Tx) -> None:
        one = tx.get(Step, StepId("a"))
        assert one is not None
        tx.drop(Step, StepId("a"))
        tx.save(one)

    run(rig.store.write(ORG, lambda tx: tx.add(step("b"))))
    with pytest.raises(RecordExists):
        run(rig.store.write(ORG, again))
    assert [one.id for one in run(rig.store.read(ORG, lambda tx: tx.find(Step)))] == ["b"]
    with pytest.raises(RecordExists):
        run(rig.store.write(ORG, twice))
    run(rig.store.write(ORG, lambda tx: tx.add(step("a"))))
    with pytest.raises(NoSuchRecord):
        run(rig.store.write(ORG, missing))


def test_what_was_there_before_is_found_by_the_new_record_that_it_names_now(rig: Rig) -> None:
    def body(tx: Tx) -> tuple[list[str], dict[str, int], list[str]]:
        case = Case(CaseId("drawn"), tx.new_key(), MemberId("m1"), "trim", CaseState.OPEN, NOW)
        tx.add(case)
        one = tx.get(Step, StepId("before"))
        assert one is not None
        tx.save(replace(one, case_id=case.id))
        tx.add(step("new", case_id=case.id))
        found = [each.id for each in tx.find(Step, case_id=case.id)]
        counted = tx.tally(Step, "state", case_id=case.id)
        tx.save(replace(one, case_id=None))
        return sorted(found), counted, [each.id for each in tx.find(Step, case_id=case.id)]

    run(rig.store.write(ORG, lambda tx: tx.add(step("before"))))
    assert run(rig.store.write(ORG, body)) == (["before", "new"], {"waiting": 2}, ["new"])
