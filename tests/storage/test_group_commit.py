"""Bodies that wait together share a transaction, and what becomes of each is as if it had been alone."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import RootTransaction

from tests.storage.conftest import Rig
from tests.storage.running import NOW, ORG, OTHER, run, step
from tests.storage.together import commits, errors_of, held, together, written_together
from tests.store_looks import journal_break
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import KeyId, MemberId, OrganisationId, StepId
from trim_bot.domain.key_openings import KeyOpenings, KeysHeldBack
from trim_bot.domain.key_use import KeyUse, key_purpose, keys_for
from trim_bot.domain.people import Grant, Member, ReportingLine, Role
from trim_bot.domain.records import Action
from trim_bot.domain.steps import Step
from trim_bot.storage.engine import RunAgain
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.errors import RecordExists
from trim_bot.storage.store import SqlStore
from trim_bot.storage.transaction import SqlTx

Body = Callable[[Tx], object]


@pytest.fixture
def store(rig: Rig) -> SqlStore:
    """A store in which both organisations have a journal already, and each one step; there are spare keys."""

    def begin(tx: Tx) -> None:
        tx.add(step("first"))
        tx.new_key()

    for organisation in (ORG, OTHER):
        run(rig.store.write(organisation, begin))
    return rig.store


def _adds(id: str) -> Body:
    def body(tx: Tx) -> str:
        tx.add(step(id))
        tx.journal.write("actor", Action.CHANGED, id, "subject", NOW)
        return id

    return body


def _fails(tx: Tx) -> None:
    tx.add(step("of a body that failed"))
    tx.new_key()
    raise LookupError


def _raises_by_one(tx: Tx) -> int:
    one = tx.get(Step, StepId("first"))
    assert one is not None
    tx.save(replace(one, reminders=one.reminders + 1))
    tx.journal.write("actor", Action.CHANGED, "counted", "subject", NOW)
    return one.reminders


def _steps(store: SqlStore, organisation: OrganisationId = ORG) -> list[str]:
    return [one.id for one in run(store.read(organisation, lambda tx: tx.find(Step)))]


def _whole(store: SqlStore, organisation: OrganisationId = ORG) -> bool:
    return run(journal_break(store, organisation)) is None


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
        ended = run(written_together(store, *(_adds(f"s{n}") for n in range(8))))
    assert ended == [f"s{n}" for n in range(8)]
    assert len(seen) == 1
    assert sum("journal.digest, journal.at" in one for one in said) == 1
    assert sum("pg_advisory_xact_lock" in one for one in said) <= 1
    assert len(_steps(store)) == 9
    assert _whole(store)


def test_a_lone_body_is_begun_at_once_and_waits_for_nobody(store: SqlStore) -> None:
    with commits(store) as seen:
        for number in range(3):
            run(store.write(ORG, _adds(f"s{number}")))
    assert len(seen) == 3


def test_each_reads_what_the_one_before_it_left(store: SqlStore) -> None:
    assert run(written_together(store, *[_raises_by_one] * 12)) == list(range(12))
    [kept] = run(store.read(ORG, lambda tx: tx.find(Step)))
    assert kept.reminders == 12
    assert _whole(store)


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
    assert _whole(store)


def test_where_one_fails_the_others_commit_as_if_it_had_not_been(rig: Rig, store: SqlStore) -> None:
    spares = rig.vault.spares
    with commits(store) as seen:
        ended = run(written_together(store, _adds("a"), _adds("b"), _fails, _adds("c"), _raises_by_one))
    assert errors_of(ended) == [None, None, LookupError, None, None]
    assert ended[4] == 0
    assert _steps(store) == ["a", "b", "c", "first"]
    assert rig.vault.spares == spares
    assert len(seen) == 2
    assert _whole(store)


def test_where_all_fail_each_hears_of_its_own(store: SqlStore) -> None:
    def other(tx: Tx) -> None:
        tx.add(step("x"))
        raise KeyError

    ended = run(written_together(store, _fails, other, _fails, other))
    assert errors_of(ended) == [LookupError, KeyError, LookupError, KeyError]
    assert _steps(store) == ["first"]


def test_an_id_that_is_taken_fails_the_later_one_alone(store: SqlStore) -> None:
    def caught(tx: Tx) -> None:
        # It came late, or it was caught: what was done beside it must not stay.
        with contextlib.suppress(Exception):
            tx.add(step("same"))

    ended = run(written_together(store, _adds("a"), _adds("same"), _adds("same"), caught, _adds("b")))
    assert errors_of(ended)[:3] == [None, None, RecordExists]
    assert errors_of(ended)[4] is None
    assert _steps(store) == ["a", "b", "first", "same"]
    assert _whole(store)


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

    ended = run(written_together(other, _adds("a"), name(0), _adds("b"), name(1), name(2)))
    assert ended == ["a", "Name 0", "b", "Name 1", "Name 2"]
    assert _steps(store) == ["a", "b", "first", "of m0", "of m1", "of m2"]
    assert _whole(store)


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


def test_keys_are_given_back_to_nobody_once_the_commit_was_asked_for(
    rig: Rig, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(store.write(ORG, lambda tx: tx.add(Member(MemberId("m"), tx.new_key(), "Name"))))
    commit = RootTransaction.commit

    def interrupted(transaction: RootTransaction) -> None:
        commit(transaction)
        raise MemoryError

    def enter(id: str) -> Body:
        return lambda tx: tx.add(Member(MemberId(id), tx.new_key(), "Name"))

    spares = rig.vault.spares
    with monkeypatch.context() as patched:
        patched.setattr(RootTransaction, "commit", interrupted)
        ended = run(written_together(store, enter("a"), enter("b"), enter("c")))
    assert errors_of(ended) == [MemoryError] * 3
    assert rig.vault.spares == spares - 3
    assert [one.id for one in run(store.read(ORG, lambda tx: tx.find(Member)))] == ["a", "b", "c", "m"]
    assert run(store.write(ORG, _raises_by_one)) == 0
    assert _whole(store)


@pytest.mark.parametrize("rig", ["postgresql"], indirect=True)
def test_a_connection_that_is_lost_in_the_midst_loses_nothing(store: SqlStore) -> None:
    engine = create_engine(store._writing.url)
    cut: list[int] = []

    def cuts(tx: Tx) -> None:
        tx.add(step("cut"))
        if not cut:
            cut.append(1)
            pid = connection_of(tx).scalar(text("SELECT pg_backend_pid()"))
            with engine.begin() as connection:
                connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        tx.add(step("after"))

    ended = run(written_together(store, _adds("a"), cuts, _adds("b")))
    engine.dispose()
    assert ended == ["a", None, "b"]
    assert _steps(store) == ["a", "after", "b", "cut", "first"]
    assert _whole(store)


def test_one_that_loses_to_another_process_is_run_again_alone(store: SqlStore) -> None:
    runs: list[str] = []

    def loses(tx: Tx) -> None:
        runs.append("run")
        tx.add(step("late"))
        if len(runs) < 3:
            raise RunAgain

    assert run(written_together(store, _adds("a"), loses, _adds("b"))) == ["a", None, "b"]
    assert _steps(store) == ["a", "b", "first", "late"]


def test_two_organisations_share_a_commit_and_see_only_their_own(store: SqlStore) -> None:
    def seen(tx: Tx) -> list[str]:
        return [one.id for one in tx.find(Step)]

    calls = [
        store.write(ORG, _adds("mine")),
        store.write(OTHER, _adds("theirs")),
        store.write(ORG, seen),
        store.write(OTHER, seen),
        store.write(ORG, _fails),
    ]
    with commits(store) as commits_seen:
        ended = run(together(store, *calls))
    assert ended[:4] == ["mine", "theirs", ["first", "mine"], ["first", "theirs"]]
    assert errors_of(ended)[4] is LookupError
    assert len(commits_seen) == 1
    assert _whole(store) and _whole(store, OTHER)


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
                        store.write(ORG, _adds("before")),
                        store.write(OTHER, _adds("theirs")),
                        store.write(ORG, _raises_by_one),
                        store.write(OTHER, _raises_by_one),
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
    assert _whole(store) and _whole(store, OTHER)


def test_whoever_is_cancelled_before_their_turn_is_not_run(store: SqlStore) -> None:
    async def some() -> None:
        with held(store):
            tasks = [asyncio.ensure_future(store.write(ORG, _adds(id))) for id in ("a", "b", "c")]
            for _ in range(3):
                await asyncio.sleep(0)
            tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    run(some())
    assert _steps(store) == ["a", "c", "first"]


def test_a_store_that_closes_finishes_what_waits(rig: Rig, store: SqlStore) -> None:
    other = rig.again()
    run(other.read(ORG, lambda tx: tx.find(Step)))

    async def closing() -> list[Any]:
        with held(other):
            tasks = [asyncio.ensure_future(other.write(ORG, _adds(id))) for id in ("a", "b")]
            for _ in range(3):
                await asyncio.sleep(0)
        closed = asyncio.get_running_loop().run_in_executor(None, other.close)
        ended = await asyncio.gather(*tasks)
        await closed
        with pytest.raises(RuntimeError):
            await other._queue.put(None)  # type: ignore[arg-type]  # it is refused before it is looked at
        return ended

    assert run(closing()) == ["a", "b"]
    assert _steps(store) == ["a", "b", "first"]


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


def test_one_that_opens_too_much_is_held_back_alone_and_nothing_is_paid_twice(store: SqlStore) -> None:
    def enter(tx: Tx) -> None:
        for number in range(6):
            tx.add(Member(MemberId(f"m{number}"), tx.new_key(), f"Name {number}"))

    run(store.write(ORG, enter))
    store.openings = store._commits._openings = KeyOpenings(most=3, slowly=0)

    def opens(*numbers: int) -> Body:
        return lambda tx: [tx.get(Member, MemberId(f"m{one}")) for one in numbers] and list(numbers)

    ended = run(written_together(store, opens(0, 1), opens(2, 3, 4, 5), _fails, opens(2)))
    assert errors_of(ended) == [None, KeysHeldBack, LookupError, None]
    assert store.openings.told() == (3, 1)


def test_a_refusal_in_the_midst_keeps_its_row(store: SqlStore) -> None:
    def refuses(tx: Tx) -> str:
        tx.journal.write("stranger", Action.REFUSED, "case", "subject", NOW)
        return "refused"

    ended = run(written_together(store, _adds("a"), refuses, _fails, refuses, _adds("b")))
    assert errors_of(ended) == [None, None, LookupError, None, None]
    rows = run(store.journal_entries(ORG, 0, 50))
    # The second within the hour is told by the first.
    assert [one.what for one in rows if one.actor == "stranger"] == ["case"]
    assert _whole(store)


def test_nothing_follows_a_body_that_was_given_the_connection(store: SqlStore) -> None:
    def bare(tx: Tx) -> None:
        connection_of(tx)
        tx.add(step("bare"))

    with commits(store) as seen:
        assert run(written_together(store, _adds("a"), bare, _adds("b"), _raises_by_one)) == [
            "a", None, "b", 0,
        ]  # fmt: skip
    assert len(seen) == 2
    assert _whole(store)


def test_a_new_organisation_is_begun_by_many_at_once(rig: Rig) -> None:
    fresh = OrganisationId("fresh")
    ended = run(written_together(rig.store, *(_adds(f"s{n}") for n in range(3)), organisation=fresh))
    assert ended == ["s0", "s1", "s2"]
    assert rig.store.in_doubt == []
    assert _whole(rig.store, fresh)


def test_bodies_of_a_journal_in_doubt_go_one_by_one(store: SqlStore) -> None:
    store._register(ORG).doubt(1)
    with commits(store) as seen:
        assert run(written_together(store, _adds("a"), _adds("b"), _adds("c"))) == ["a", "b", "c"]
    assert len(seen) == 3
    assert store.in_doubt == [ORG]


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_nothing_is_kept_in_a_file_that_is_gone(rig: Rig, store: SqlStore, tmp_path: Path) -> None:
    path = Path(rig.url.removeprefix("sqlite:///"))

    def moves(tx: Tx) -> None:
        tx.add(step("moved"))
        if path.exists():
            os.rename(path, tmp_path / "elsewhere")

    ended = run(written_together(store, _adds("a"), moves, _adds("b")))
    assert errors_of(ended) == [StoreUnavailable] * 3


def test_a_database_that_cannot_be_begun_is_told_to_all_after_one_wait(rig: Rig, store: SqlStore) -> None:
    other = rig.again(0.05)
    run(other.read(ORG, lambda tx: tx.find(Step)))
    begun: list[int] = []

    def begins(tx: Tx) -> None:
        begun.append(1)
        tx.add(step(f"s{len(begun)}"))

    engine = create_engine(rig.url)
    with engine.connect() as connection:
        if rig.url.startswith("sqlite"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 7241906115))")
            connection.execute(lock, {"name": ORG})
        ended = run(written_together(other, begins, begins, begins))
        connection.rollback()
    engine.dispose()
    assert errors_of(ended) == [StoreUnavailable] * 3
    assert begun == []


def test_keys_of_undone_bodies_are_used_for_the_next(rig: Rig, store: SqlStore) -> None:
    taken: list[KeyId] = []

    def takes(tx: Tx) -> None:
        taken.append(tx.new_key())
        raise LookupError

    spares = rig.vault.spares
    ended = run(written_together(store, takes, takes, takes))
    assert errors_of(ended) == [LookupError] * 3
    assert rig.vault.spares == spares
