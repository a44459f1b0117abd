"""Every store keeps every record as it was given, all or nothing, and apart from other organisations'."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.conftest import DeskStore
from tests.storage.records import records
from tests.storage.running import NOW, ORG, OTHER, run, step
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import AccountId, KeyId, MemberId, RequestId, StepId
from trim_bot.domain.people import Account, Availability, Member, Platform
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung, Step, StepState
from trim_bot.domain.unused_keys import KeyGone
from trim_bot.storage.errors import NoSuchRecord, NotSearchable, RecordExists
from trim_bot.storage.tables import RECORDS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def _member(tx: Tx, id: str = "m1", name: str = "Robin") -> Member:
    member = Member(MemberId(id), tx.new_key(), name)
    tx.add(member)
    return member


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_a_record_comes_back_as_it_was_kept(desk_store: DeskStore, kind: type[object]) -> None:
    @settings(max_examples=12, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(pair=st.tuples(records(kind), records(kind)))
    def check(pair: tuple[object, object]) -> None:
        def keep(tx: Tx) -> tuple[object, object, object, object]:
            first, second = (_keyed(tx, record, pair[0]) for record in pair)
            tx.drop(kind, str(getattr(first, "id")))  # noqa: B009
            tx.add(first)
            added = tx.get(kind, str(getattr(first, "id")))  # noqa: B009
            tx.save(second)
            return first, added, second, tx.get(kind, str(getattr(first, "id")))  # noqa: B009

        first, added, second, saved = run(desk_store.store.write(ORG, keep))
        assert added == _readable(first, added)
        assert saved == _readable(second, saved)
        later = run(
            desk_store.store.read(ORG, lambda tx: tx.get(kind, str(getattr(second, "id"))))  # noqa: B009
        )
        assert later == saved

    check()


def _keyed(tx: Tx, record: object, like: object) -> object:
    """The record under a fresh key, with the id of another."""
    changes: dict[str, Any] = {"id": getattr(like, "id")}  # noqa: B009
    if hasattr(record, "key_id"):
        changes["key_id"] = tx.new_key()
    return replace(cast("DataclassInstance", record), **changes)


def _readable(record: object, stored: object) -> object:
    """The record as far as it can be read back: what is only keyed reads as its digest."""
    match record, stored:
        case SupportRequest(), SupportRequest():
            return replace(record, code=stored.code)
        case Member(), Member():
            return replace(record, known_as=stored.known_as)
        case _:
            return record


def test_an_exception_undoes_everything(desk_store: DeskStore) -> None:
    class Stop(Exception):
        pass

    def body(tx: Tx) -> None:
        _member(tx)
        tx.add(step("s1"))
        raise Stop

    with pytest.raises(Stop):
        run(desk_store.store.write(ORG, body))
    kept = run(desk_store.store.read(ORG, lambda tx: (tx.find(Member), tx.find(Step))))
    assert kept == ([], [])


def test_an_id_is_used_once_and_saving_needs_a_record(desk_store: DeskStore) -> None:
    def twice(tx: Tx) -> None:
        tx.add(step("s1"))
        tx.add(step("s1"))

    with pytest.raises(RecordExists):
        run(desk_store.store.write(ORG, twice))
    with pytest.raises(NoSuchRecord):
        run(desk_store.store.write(ORG, lambda tx: tx.save(step("s1"))))
    run(desk_store.store.write(ORG, lambda tx: tx.drop(Step, StepId("s1"))))


def test_records_are_found_by_open_fields(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> dict[str, list[str]]:
        tx.add(step("a", rung=Rung.LEAD, due_at=NOW + timedelta(hours=2)))
        tx.add(step("b", holder=None, due_at=NOW))
        tx.add(step("c", state=StepState.DONE, due_at=NOW + timedelta(hours=1)))

        def ids(*, order_by: str = "id", limit: int | None = None, **where: object) -> list[str]:
            return [one.id for one in tx.find(Step, order_by=order_by, limit=limit, **where)]

        return {
            "all": ids(),
            "enum": ids(rung=Rung.LEAD),
            "any": ids(state=(StepState.DONE, StepState.TOLD)),
            "one": ids(id=("b",)),
            "none": ids(state=()),
            "null": ids(holder=None),
            "null or": ids(holder=(None, "holder")),
            "time": ids(due_at=NOW),
            "field called kind": ids(kind=step("x").kind),
            "several": ids(holder="holder", rung=Rung.ASSIGNED),
            "sorted": ids(order_by="due_at"),
            "descending": ids(order_by="-due_at", limit=2),
            "null first": ids(order_by="holder"),
            "null last": ids(order_by="-holder"),
            "strange": ids(subject="\0"),
        }

    assert run(desk_store.store.write(ORG, body)) == {
        "all": ["a", "b", "c"],
        "enum": ["a"],
        "any": ["c"],
        "one": ["b"],
        "none": [],
        "null": ["b"],
        "null or": ["a", "b", "c"],
        "time": ["b"],
        "field called kind": ["a", "b", "c"],
        "several": ["c"],
        "sorted": ["b", "c", "a"],
        "descending": ["a", "c"],
        "null first": ["b", "a", "c"],
        "null last": ["a", "c", "b"],
        "strange": [],
    }


@pytest.mark.parametrize(
    "where",
    [{"name": "Robin"}, {"nothing": "x"}, {"order_by": "name"}, {"order_by": "-nothing"}, {"name": ()}],
)
def test_what_is_sealed_cannot_be_searched(desk_store: DeskStore, where: dict[str, Any]) -> None:
    with pytest.raises(NotSearchable):
        run(desk_store.store.read(ORG, lambda tx: tx.find(Member, **where)))


def test_an_account_is_found_by_its_address(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> None:
        member = _member(tx)
        tx.add(Account(AccountId("a1"), member.key_id, member.id, Platform.SLACK, "slack:T1:U1"))
        tx.add(Account(AccountId("a2"), member.key_id, member.id, Platform.TEAMS, "teams:T1:U1"))

    run(desk_store.store.write(ORG, body))
    found = run(desk_store.store.read(ORG, lambda tx: tx.find(Account, address="slack:T1:U1")))
    assert [(one.id, one.address) for one in found] == [("a1", "slack:T1:U1")]
    assert run(desk_store.store.read(OTHER, lambda tx: tx.find(Account, address="slack:T1:U1"))) == []


def test_what_is_only_keyed_is_found_but_never_read(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> SupportRequest:
        request = SupportRequest(
            RequestId("r1"), tx.new_key(), None, False, RequestState.WAITING, NOW, "en", code="k7mt-2p9x"
        )
        tx.add(request)
        tx.add(replace(request, id=RequestId("r2"), code=""))
        [found] = tx.find(SupportRequest, code="k7mt-2p9x")
        return found

    found = run(desk_store.store.write(ORG, body))
    assert found.id == "r1"
    assert "k7mt" not in found.code
    taken = replace(found, state=RequestState.TAKEN)
    run(desk_store.store.write(ORG, lambda tx: tx.save(taken)))
    assert run(desk_store.store.read(ORG, lambda tx: tx.find(SupportRequest, code="k7mt-2p9x"))) == [taken]


def test_a_record_dies_with_its_key(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> tuple[Member, Member, str]:
        first = _member(tx, "m1")
        return first, _member(tx, "m2"), tx.pseudonym(first.key_id, first.id)

    gone, left, name = run(desk_store.store.write(ORG, body))
    assert gone.id not in name
    assert run(desk_store.store.read(ORG, lambda tx: tx.pseudonym(gone.key_id, gone.id))) == name
    desk_store.destroy_keys([gone.key_id])
    assert run(desk_store.store.read(ORG, lambda tx: tx.get(Member, MemberId("m1")))) is None
    assert run(desk_store.store.read(ORG, lambda tx: tx.find(Member))) == [left]
    with pytest.raises(KeyGone):
        run(desk_store.store.read(ORG, lambda tx: tx.pseudonym(gone.key_id, gone.id)))
    with pytest.raises(KeyGone):
        run(desk_store.store.write(ORG, lambda tx: tx.add(Member(MemberId("m3"), KeyId("never"), "Robin"))))


def test_organisations_do_not_see_each_other(desk_store: DeskStore) -> None:
    run(desk_store.store.write(ORG, lambda tx: _member(tx, "m1", "Robin")))
    run(desk_store.store.write(OTHER, lambda tx: _member(tx, "m1", "Sam")))

    def change(tx: Tx) -> None:
        [member] = tx.find(Member)
        tx.save(replace(member, availability=Availability.FULL))

    run(desk_store.store.write(OTHER, change))
    [mine] = run(desk_store.store.read(ORG, lambda tx: tx.find(Member)))
    assert (mine.name, mine.availability) == ("Robin", Availability.ROOM)
    run(desk_store.store.write(OTHER, lambda tx: tx.drop(Member, MemberId("m1"))))
    assert run(desk_store.store.read(ORG, lambda tx: tx.get(Member, MemberId("m1")))) == mine
    assert run(desk_store.store.read(OTHER, lambda tx: tx.get(Member, MemberId("m1")))) is None


def test_digests_differ_by_purpose_and_organisation(desk_store: DeskStore) -> None:
    def digests(tx: Tx) -> list[str]:
        return [tx.keyed("one", "text"), tx.keyed("two", "text"), tx.keyed("one", "Text ")]

    first = run(desk_store.store.read(ORG, digests))
    second = run(desk_store.store.read(OTHER, digests))
    assert first[0] == first[2]
    assert len({*first, *second}) == 4


def test_a_record_read_twice_is_read_afresh_after_a_change(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> list[object]:
        tx.add(step("s1"))
        seen: list[object] = [tx.get(Step, StepId("s1"))]
        first = tx.get(Step, StepId("s1"))
        assert first is not None
        tx.save(replace(first, reminders=7))
        again = tx.get(Step, StepId("s1"))
        assert again is not None
        seen.append(again.reminders)
        tx.drop(Step, StepId("s1"))
        seen.append(tx.get(Step, StepId("s1")))
        return seen

    first, reminders, gone = run(desk_store.store.write(ORG, body))
    assert first is not None
    assert (reminders, gone) == (7, None)


def test_what_was_found_is_found_afresh_after_a_change(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> list[list[int]]:
        def found() -> list[int]:
            return [one.reminders for one in tx.find(Step, holder=MemberId("holder"), order_by="-id")]

        tx.add(step("s1", reminders=1))
        seen = [found(), found()]
        tx.find(Step, holder=MemberId("holder"), order_by="-id").clear()
        tx.add(step("s2", reminders=2))
        seen.append(found())
        tx.save(step("s1", reminders=3))
        seen.append(found())
        tx.drop(Step, StepId("s2"))
        return [*seen, found()]

    assert run(desk_store.store.write(ORG, body)) == [[1], [1], [2, 1], [2, 3], [3]]


def test_a_record_that_was_found_is_read_afresh_after_a_change(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> tuple[int, int]:
        tx.add(step("s1"))
        [one] = tx.find(Step)
        tx.save(replace(one, reminders=7))
        again, many = tx.get(Step, StepId("s1")), tx.get_many(Step, [StepId("s1")])
        assert again is not None
        return again.reminders, many[StepId("s1")].reminders

    assert run(desk_store.store.write(ORG, body)) == (7, 7)


def test_many_records_are_read_by_their_ids(desk_store: DeskStore) -> None:
    def body(tx: Tx) -> tuple[list[StepId], dict[StepId, Step]]:
        for id in ("s1", "s2", "s3"):
            tx.add(step(id))
        tx.get(Step, StepId("s2"))
        asked = [StepId(id) for id in ("s3", "s2", "nobody", "s3", "\0")]
        nobody: list[StepId] = []
        return list(tx.get_many(Step, asked)), tx.get_many(Step, nobody)

    assert run(desk_store.store.write(ORG, body)) == (["s3", "s2"], {})


def test_one_of_many_whose_key_is_gone_is_left_out(desk_store: DeskStore) -> None:
    def keep(tx: Tx) -> Member:
        _member(tx, "m1")
        return _member(tx, "m2")

    gone = run(desk_store.store.write(ORG, keep))
    desk_store.destroy_keys([gone.key_id])
    assert list(run(desk_store.store.read(ORG, lambda tx: tx.get_many(Member, ["m1", "m2"])))) == ["m1"]


def test_any_number_of_values_is_looked_for_at_once(desk_store: DeskStore) -> None:
    many = tuple(f"nobody-{number}" for number in range(70_000))

    def body(tx: Tx) -> list[str]:
        tx.add(step("s1"))
        tx.add(step("s2", holder=None))
        return [one.id for one in tx.find(Step, holder=(*many, "holder", None))]

    assert run(desk_store.store.write(ORG, body)) == ["s1", "s2"]


def test_a_tally_counts_by_one_open_field(desk_store: DeskStore) -> None:
    def keep(tx: Tx) -> list[dict[str, int]]:
        for id, holder in (("s1", "a"), ("s2", "a"), ("s3", "b"), ("s4", "c")):
            tx.add(step(id, holder=MemberId(holder)))
        tx.add(step("s5", holder=MemberId("a"), state=StepState.DONE))
        before = tx.tally(Step, "holder", holder=("a", "b", "nobody"), state=StepState.WAITING)
        tx.drop(Step, StepId("s1"))
        return [before, tx.tally(Step, "holder", state=StepState.WAITING), tx.tally(Step, "rung", holder="b")]

    run(desk_store.store.write(OTHER, lambda tx: tx.add(step("s1", holder=MemberId("a")))))
    before, after, rungs = run(desk_store.store.write(ORG, keep))
    assert before == {"a": 2, "b": 1}
    assert after == {"a": 1, "b": 1, "c": 1}
    assert rungs == {Rung.ASSIGNED.value: 1}


@dataclass(frozen=True, slots=True)
class StepLine:
    id: StepId
    holder: MemberId | None
    rung: Rung
    due_at: datetime


def test_lines_are_what_is_found(desk_store: DeskStore) -> None:
    def keep(tx: Tx) -> None:
        for number, holder in enumerate(("a", "b", "a", "a")):
            later = NOW + timedelta(hours=5 - number)
            tx.add(step(f"s{number}", holder=MemberId(holder), due_at=later))
        tx.drop(Step, StepId("s3"))

    def asked(tx: Tx) -> tuple[list[StepLine], list[Step], list[StepLine]]:
        found = tx.find(Step, holder="a")
        return tx.lines(StepLine, Step, holder="a"), found, tx.lines(StepLine, Step, ("due_at", 2))

    run(desk_store.store.write(ORG, keep))
    lines, found, last = run(desk_store.store.read(ORG, asked))
    assert lines == [StepLine(each.id, each.holder, each.rung, each.due_at) for each in found]
    assert ([line.id for line in lines], [line.id for line in last]) == (["s0", "s2"], ["s0", "s1"])


@dataclass(frozen=True, slots=True)
class MemberLine:
    id: MemberId
    availability: Availability


@dataclass(frozen=True, slots=True)
class NamedLine:
    id: MemberId
    name: str


def test_a_line_opens_nothing(desk_store: DeskStore) -> None:
    gone = run(desk_store.store.write(ORG, _member))
    desk_store.destroy_keys([gone.key_id])
    lines = run(desk_store.store.read(ORG, lambda tx: tx.lines(MemberLine, Member)))
    assert lines == [MemberLine(gone.id, Availability.ROOM)]
    with pytest.raises(NotSearchable):
        run(desk_store.store.read(ORG, lambda tx: tx.lines(NamedLine, Member)))
    with pytest.raises(NotSearchable):
        run(desk_store.store.read(ORG, lambda tx: tx.lines(MemberLine, Member, ("name", 1))))


def test_a_tally_opens_nothing(desk_store: DeskStore) -> None:
    gone = run(desk_store.store.write(ORG, _member))
    desk_store.destroy_keys([gone.key_id])
    counted = run(desk_store.store.read(ORG, lambda tx: tx.tally(Member, "availability")))
    assert counted == {Availability.ROOM.value: 1}
    for by, where in (("name", {}), ("availability", {"name": "Robin"})):
        with pytest.raises(NotSearchable):
            run(desk_store.store.read(ORG, lambda tx: tx.tally(Member, by, **where)))  # noqa: B023
