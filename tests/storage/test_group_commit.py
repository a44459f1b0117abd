"""Bodies that wait together share a transaction, and what becomes of each is as if it had been alone."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, text

from tests.storage.conftest import Rig
from tests.storage.running import NOW, ORG, OTHER, run, step
from tests.storage.together import (
    adds,
    commits,
    errors_of,
    fails,
    held,
    in_use,
    is_whole,
    raises_by_one,
    step_ids,
    together,
    written_together,
)
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import MemberId, OrganisationId
from trim_bot.domain.key_use import KeyUse, key_purpose, keys_for
from trim_bot.domain.people import Grant, Member, ReportingLine, Role
from trim_bot.domain.steps import Step
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.store import SqlStore
from trim_bot.storage.transaction import SqlTx

Body = Callable[[Tx], object]


@pytest.fixture
def store(rig: Rig) -> SqlStore:
    """A store in which both organisations have a journal already, and each one step; there are spare keys."""
    return in_use(rig.store)


@contextlib.contextmanager
def _statements(store: SqlStore) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(store._writing, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store._writing, "before_cursor_execute", note)


def test_bodies_that_wait_share_one_commit_one_lock_and_one_look_at_the_journal(store: SqlStore) -> None:
    with commits(store) as seen, _statements(store) as said:
        ended = run(written_together(store, *(adds(f"s{n}") for n in range(8))))
    assert ended == [f"s{n}" for n in range(8)]
    assert len(seen) == 1
    assert sum("journal.digest, journal.at" in one for one in said) == 1
    assert sum("pg_advisory_xact_lock" in one for one in said) <= 1
    assert len(step_ids(store)) == 9
    assert is_whole(store)


def test_a_lone_body_is_begun_at_once_and_waits_for_nobody(store: SqlStore) -> None:
    with commits(store) as seen:
        for number in range(3):
            run(store.write(ORG, adds(f"s{number}")))
    assert len(seen) == 3


def test_each_reads_what_the_one_before_it_left(store: SqlStore) -> None:
    assert run(written_together(store, *[raises_by_one] * 12)) == list(range(12))
    [kept] = run(store.read(ORG, lambda tx: tx.find(Step)))
    assert kept.reminders == 12
    assert is_whole(store)


def test_what_one_binds_fits_for_the_next_and_for_every_process(rig: Rig, store: SqlStore) -> None:
    lena = MemberId("lena")

    def grant(tx: Tx) -> None:
        tx.add(Member(lena, tx.new_key(), "Lena"))
        tx.add(Grant("g1", lena, Role.LEAD, NOW))
        tx.add(ReportingLine("l1", MemberId("nurse"), lena))

    def lines(tx: Tx) -> list[str]:
        return [one.id for one in tx.find(ReportingLine, manager=lena)]

    def roles(tx: Tx) -> list[Role]:
        return [one.role for one in tx.find(Grant, member_id=lena)]

    def end(tx: Tx) -> None:
        tx.drop(Grant, "g1")

    ended = run(written_together(store, grant, roles, lines, end, roles))
    assert ended == [None, [Role.LEAD], ["l1"], None, []]
    assert store.altered == set()
    for one in (store, rig.again()):
        assert run(one.write(ORG, roles)) == []
        assert run(one.read(ORG, lines)) == ["l1"]
        assert one.altered == set()
    assert is_whole(store)


@pytest.mark.parametrize("by_service", [False, True])
def test_a_body_that_needs_a_key_takes_nothing_from_those_beside_it(
    rig: Rig, store: SqlStore, *, by_service: bool
) -> None:
    def enter(tx: Tx) -> None:
        for number in range(3):
            tx.add(Member(MemberId(f"m{number}"), tx.new_key(), f"Name {number}"))

    run(store.write(ORG, enter))
    other = rig.again(by_service=by_service)
    run(other.read(ORG, lambda tx: tx.find(Step)))

    def name(number: int) -> Body:
        def body(tx: Tx) -> object:
            tx.add(step(f"of m{number}"))
            member = tx.get(Member, MemberId(f"m{number}"))
            return member.name if member else None

        return body

    ended = run(written_together(other, adds("a"), name(0), adds("b"), name(1), name(2)))
    assert ended == ["a", "Name 0", "b", "Name 1", "Name 2"]
    assert step_ids(store) == ["a", "b", "first", "of m0", "of m1", "of m2"]
    assert is_whole(store)


@pytest.mark.parametrize("by_service", [False, True])
def test_bodies_that_take_more_new_keys_than_there_are_all_get_one(
    rig: Rig, store: SqlStore, *, by_service: bool
) -> None:
    other = rig.again(by_service=by_service)
    run(other.read(ORG, lambda tx: tx.find(Step)))

    def enter(number: int) -> Body:
        return lambda tx: tx.add(Member(MemberId(f"m{number}"), tx.new_key(), f"Name {number}"))

    ended = run(written_together(other, *(enter(number) for number in range(20))))
    assert errors_of(ended) == [None] * 20
    members = run(store.read(ORG, lambda tx: tx.find(Member)))
    assert len({one.key_id for one in members}) == 20
    assert {one.key_id for one in members} <= set(rig.keys.all_ids())


def test_two_organisations_share_a_commit_and_see_only_their_own(store: SqlStore) -> None:
    def seen(tx: Tx) -> list[str]:
        return [one.id for one in tx.find(Step)]

    calls = [
        store.write(ORG, adds("mine")),
        store.write(OTHER, adds("theirs")),
        store.write(ORG, seen),
        store.write(OTHER, seen),
        store.write(ORG, fails),
    ]
    with commits(store) as commits_seen:
        ended = run(together(store, *calls))
    assert ended[:4] == ["mine", "theirs", ["first", "mine"], ["first", "theirs"]]
    assert errors_of(ended)[4] is LookupError
    assert len(commits_seen) == 1
    assert is_whole(store) and is_whole(store, OTHER)


@pytest.mark.parametrize("rig", ["postgresql"], indirect=True)
def test_an_organisation_that_another_process_writes_is_left_for_later_and_holds_up_nobody(
    store: SqlStore,
) -> None:
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 7241906115))")
    engine = create_engine(store._writing.url)

    def sight(tx: Tx) -> object:
        assert isinstance(tx, SqlTx)
        return tx._connection.scalar(text("SELECT current_setting('trim_bot.organisation')"))

    async def both() -> list[Any]:
        with engine.begin() as connection:
            connection.execute(lock, {"name": OTHER})
            with held(store):
                tasks = [
                    asyncio.ensure_future(one)
                    for one in (
                        store.write(ORG, adds("before")),
                        store.write(OTHER, adds("theirs")),
                        store.write(ORG, raises_by_one),
                        store.write(OTHER, raises_by_one),
                        store.write(ORG, sight),
                    )
                ]
                for _ in range(3):
                    await asyncio.sleep(0)
            # Both are told while the other organisation is still taken.
            assert await tasks[0] == "before"
            assert await tasks[2] == 0
            assert await tasks[4] == f"of:{ORG}"
            assert not tasks[1].done()
        return list(await asyncio.gather(*tasks))

    assert run(both())[:4] == ["before", "theirs", 0, 0]
    engine.dispose()
    assert is_whole(store) and is_whole(store, OTHER)


def test_what_a_body_says_of_its_keys_is_its_own(store: SqlStore) -> None:
    async def as_(use: KeyUse, asker: str) -> tuple[KeyUse, str]:
        def body(_tx: Tx) -> tuple[KeyUse, str]:
            return key_purpose().use, key_purpose().asker

        with keys_for(use):
            key_purpose().asker = asker
            return await store.write(ORG, body)

    uses = (KeyUse.URGENT, KeyUse.OWN, KeyUse.ORDINARY, KeyUse.NAMES)
    ended = run(together(store, *(as_(use, use.value) for use in uses)))
    assert ended == [(use, use.value) for use in uses]


def test_nothing_follows_a_body_that_was_given_the_connection(store: SqlStore) -> None:
    def bare(tx: Tx) -> None:
        connection_of(tx)
        tx.add(step("bare"))

    with commits(store) as seen:
        assert run(written_together(store, adds("a"), bare, adds("b"), raises_by_one)) == [
            "a", None, "b", 0,
        ]  # fmt: skip
    assert len(seen) == 2
    assert is_whole(store)


def test_a_new_organisation_is_begun_by_many_at_once(rig: Rig) -> None:
    fresh = OrganisationId("fresh")
    ended = run(written_together(rig.store, *(adds(f"s{n}") for n in range(3)), organisation=fresh))
    assert ended == ["s0", "s1", "s2"]
    assert rig.store.in_doubt == []
    assert is_whole(rig.store, fresh)


def test_bodies_of_a_journal_in_doubt_go_one_by_one(store: SqlStore) -> None:
    store._register(ORG).doubt(1)
    with commits(store) as seen:
        assert run(written_together(store, adds("a"), adds("b"), adds("c"))) == ["a", "b", "c"]
    assert len(seen) == 3
    assert store.in_doubt == [ORG]


def test_a_group_is_parted_by_time_but_never_below_eight(store: SqlStore) -> None:
    async def slow() -> list[Any]:
        calls = [store.write(ORG, adds(f"s{number:02}")) for number in range(20)]
        with held(store):
            # Whatever there is, its time is over at once.
            store._commits.longest_seconds = -1.0
            tasks = [asyncio.ensure_future(call) for call in calls]
            for _ in range(3):
                await asyncio.sleep(0)
        return list(await asyncio.gather(*tasks))

    with commits(store) as seen:
        assert run(slow()) == [f"s{number:02}" for number in range(20)]
    assert len(seen) == 3
    assert is_whole(store)
