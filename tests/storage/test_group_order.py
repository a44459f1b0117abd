"""Whatever waits together, succeeds, fails, clashes or lacks a key: the outcome is that of one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.conftest import Rig
from tests.storage.running import NOW, run, step
from tests.storage.together import together
from tests.store_looks import journal_break
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import MemberId, OrganisationId, StepId
from trim_bot.domain.people import Grant, Member, Role
from trim_bot.domain.records import Action
from trim_bot.domain.steps import Step
from trim_bot.storage.errors import RecordExists
from trim_bot.storage.store import SqlStore

DEEDS = (
    "count",
    "add a",
    "add b",
    "member",
    "grant",
    "end",
    "roles",
    "read",
    "fail late",
    "fail at once",
    "take a key",
)
_numbers = count()


@dataclass
class Kept:
    """What is there, kept by hand: what each deed makes of it, and returns."""

    counted: int = 0
    ids: set[str] = field(default_factory=set)
    members: int = 0
    grants: int = 0

    def do(self, deed: str) -> object:
        """What a deed returns when it comes now."""
        match deed:
            case "count":
                self.counted += 1
                return self.counted
            case "add a" | "add b":
                assert deed not in self.ids
                self.ids.add(deed)
            case "member":
                self.members += 1
                return self.members
            case "grant":
                self.grants = 1
            case "end":
                self.grants = 0
            case "roles":
                return self.grants
        return None


def _body(deed: str, mark: str) -> Callable[[Tx], object]:
    def body(tx: Tx) -> object:
        if deed == "fail at once":
            raise LookupError
        done = _do(tx, deed, mark)
        if deed != "read":
            tx.journal.write("actor", Action.CHANGED, mark, "subject", NOW)
        if deed == "fail late":
            raise LookupError
        return done

    return body


def _do(tx: Tx, deed: str, mark: str) -> object:
    match deed:
        case "count":
            one = tx.get(Step, StepId("counter"))
            assert one is not None
            tx.save(replace(one, reminders=one.reminders + 1))
            return one.reminders + 1
        case "add a" | "add b":
            tx.add(step(deed))
        case "member":
            tx.add(Member(MemberId(mark), tx.new_key(), mark))
            return len(tx.find(Member))
        case "grant" if tx.get(Grant, "role") is None:
            tx.add(Grant("role", MemberId("somebody"), Role.LEAD, NOW))
        case "end":
            tx.drop(Grant, "role")
        case "roles":
            return len(tx.find(Grant))
        case "fail late" | "take a key":
            tx.add(step(mark))
            tx.new_key()
    return None


async def _play(store: SqlStore, groups: list[list[tuple[int, str]]]) -> None:
    number = next(_numbers)
    places = [OrganisationId(f"order-{number}-{side}") for side in (0, 1)]
    for place in places:
        await store.write(place, lambda tx: tx.add(step("counter")))
    deeds: dict[str, tuple[int, str]] = {}
    ended: dict[str, Any] = {}
    for group in groups:
        marks = []
        for side, deed in group:
            marks.append(mark := f"{len(deeds)}-{deed}")
            deeds[mark] = (side, deed)
        calls = [store.write(places[deeds[mark][0]], _body(deeds[mark][1], mark)) for mark in marks]
        ended |= dict(zip(marks, await together(store, *calls), strict=True))
    for side, place in enumerate(places):
        mine = [mark for mark in deeds if deeds[mark][0] == side]
        rows = [row.what for row in await store.journal_entries(place, 0, 500)]
        done = [what for what in rows if what in deeds]
        good = [mark for mark in mine if not isinstance(ended[mark], BaseException)]
        assert sorted(done) == sorted(mark for mark in good if deeds[mark][1] != "read")
        kept = Kept()
        assert [ended[mark] for mark in done] == [kept.do(deeds[mark][1]) for mark in done]
        for mark in set(mine).difference(good):
            expected = LookupError if "fail" in mark else RecordExists
            assert isinstance(ended[mark], expected), ended[mark]
            assert "fail" in mark or deeds[mark][1] in kept.ids
        added = {one.id for one in await store.read(place, lambda tx: tx.find(Step))}
        assert added == {"counter", *kept.ids, *(mark for mark in done if "take a key" in mark)}
        assert await journal_break(store, place) is None
    assert store.altered == set()


GROUPS = st.lists(
    st.lists(st.tuples(st.integers(0, 1), st.sampled_from(DEEDS)), min_size=1, max_size=8),
    min_size=1,
    max_size=3,
)


@given(groups=GROUPS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    print_blob=False,
)
def test_any_interleaving_ends_as_some_order_of_bodies_alone(
    rig: Rig, groups: list[list[tuple[int, str]]]
) -> None:
    run(_play(rig.store, groups))
