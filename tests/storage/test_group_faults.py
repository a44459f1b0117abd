"""Whatever goes wrong with one of several that share a transaction, the others are as if it had not been there."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import RootTransaction
from sqlalchemy.exc import SQLAlchemyError

from tests.storage.conftest import Rig
from tests.storage.running import NOW, ORG, run, step
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
    written_together,
)
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import KeyId, MemberId
from trim_bot.domain.key_openings import KeyOpenings, KeysHeldBack
from trim_bot.domain.people import Member
from trim_bot.domain.records import Action
from trim_bot.domain.steps import Step
from trim_bot.storage.attempts import Body as StoreBody
from trim_bot.storage.engine import RunAgain
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.errors import NotStorable, RecordExists
from trim_bot.storage.store import SqlStore

Body = Callable[[Tx], object]


@pytest.fixture
def store(rig: Rig) -> SqlStore:
    """A store in which both organisations have a journal already, and each one step; there are spare keys."""
    return in_use(rig.store)


def test_where_one_fails_the_others_commit_as_if_it_had_not_been(rig: Rig, store: SqlStore) -> None:
    spares = rig.vault.spares
    with commits(store) as seen:
        ended = run(written_together(store, adds("a"), adds("b"), fails, adds("c"), raises_by_one))
    assert errors_of(ended) == [None, None, LookupError, None, None]
    assert ended[4] == 0
    assert step_ids(store) == ["a", "b", "c", "first"]
    assert rig.vault.spares == spares
    assert len(seen) == 2
    assert is_whole(store)


def test_where_all_fail_each_hears_of_its_own(store: SqlStore) -> None:
    def other(tx: Tx) -> None:
        tx.add(step("x"))
        raise KeyError

    ended = run(written_together(store, fails, other, fails, other))
    assert errors_of(ended) == [LookupError, KeyError, LookupError, KeyError]
    assert step_ids(store) == ["first"]


def test_an_id_that_is_taken_fails_the_later_one_alone(store: SqlStore) -> None:
    def caught(tx: Tx) -> None:
        # It came late, or it was caught: what was done beside it must not stay.
        with contextlib.suppress(Exception):
            tx.add(step("same"))

    ended = run(written_together(store, adds("a"), adds("same"), adds("same"), caught, adds("b")))
    assert errors_of(ended)[:3] == [None, None, RecordExists]
    assert errors_of(ended)[4] is None
    assert step_ids(store) == ["a", "b", "first", "same"]
    assert is_whole(store)


def test_a_fault_of_the_database_that_the_last_one_passes_over_costs_nobody_what_they_were_told(
    store: SqlStore,
) -> None:
    def caught(tx: Tx) -> None:
        # Nothing more is asked of the database: PostgreSQL would undo all of it at a commit that it calls good.
        with contextlib.suppress(SQLAlchemyError):
            connection_of(tx).execute(text("SELECT nothing FROM nowhere"))

    ended = run(written_together(store, adds("a"), adds("b"), caught))
    assert ended[:2] == ["a", "b"]
    assert step_ids(store) == ["a", "b", "first"]
    if store._writing.dialect.name == "postgresql":
        assert isinstance(ended[2], NotStorable)


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
    assert run(store.write(ORG, raises_by_one)) == 0
    assert is_whole(store)


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

    ended = run(written_together(store, adds("a"), cuts, adds("b")))
    engine.dispose()
    assert ended == ["a", None, "b"]
    assert step_ids(store) == ["a", "after", "b", "cut", "first"]
    assert is_whole(store)


def test_one_that_loses_to_another_process_is_run_again_alone(store: SqlStore) -> None:
    runs: list[str] = []

    def loses(tx: Tx) -> None:
        runs.append("run")
        tx.add(step("late"))
        if len(runs) < 3:
            raise RunAgain

    assert run(written_together(store, adds("a"), loses, adds("b"))) == ["a", None, "b"]
    assert step_ids(store) == ["a", "b", "first", "late"]


def test_whoever_is_cancelled_before_their_turn_is_not_run(store: SqlStore) -> None:
    async def some() -> None:
        with held(store):
            tasks = [asyncio.ensure_future(store.write(ORG, adds(id))) for id in ("a", "b", "c")]
            for _ in range(3):
                await asyncio.sleep(0)
            tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    run(some())
    assert step_ids(store) == ["a", "c", "first"]


def test_a_store_that_closes_finishes_what_waits(rig: Rig, store: SqlStore) -> None:
    other = rig.again()
    run(other.read(ORG, lambda tx: tx.find(Step)))

    async def closing() -> list[Any]:
        with held(other):
            tasks = [asyncio.ensure_future(other.write(ORG, adds(id))) for id in ("a", "b")]
            for _ in range(3):
                await asyncio.sleep(0)
        closed = asyncio.get_running_loop().run_in_executor(None, other.close)
        ended = await asyncio.gather(*tasks)
        await closed
        with pytest.raises(RuntimeError):
            # It is refused before it is looked at.
            await other._queue.put(cast("StoreBody", None))
        return ended

    assert run(closing()) == ["a", "b"]
    assert step_ids(store) == ["a", "b", "first"]


def test_one_that_opens_too_much_is_held_back_alone_and_nothing_is_paid_twice(store: SqlStore) -> None:
    def enter(tx: Tx) -> None:
        for number in range(6):
            tx.add(Member(MemberId(f"m{number}"), tx.new_key(), f"Name {number}"))

    run(store.write(ORG, enter))
    store.openings = KeyOpenings(most=3, slowly=0)

    def opens(*numbers: int) -> Body:
        return lambda tx: [tx.get(Member, MemberId(f"m{one}")) for one in numbers] and list(numbers)

    ended = run(written_together(store, opens(0, 1), opens(2, 3, 4, 5), fails, opens(2)))
    assert errors_of(ended) == [None, KeysHeldBack, LookupError, None]
    assert store.openings.told() == (3, 1)


def test_a_refusal_in_the_midst_keeps_its_row(store: SqlStore) -> None:
    def refuses(tx: Tx) -> str:
        tx.journal.write("stranger", Action.REFUSED, "case", "subject", NOW)
        return "refused"

    ended = run(written_together(store, adds("a"), refuses, fails, refuses, adds("b")))
    assert errors_of(ended) == [None, None, LookupError, None, None]
    rows = run(store.journal_entries(ORG, 0, 50))
    # The second within the hour is told by the first.
    assert [one.what for one in rows if one.actor == "stranger"] == ["case"]
    assert is_whole(store)


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_nothing_is_kept_in_a_file_that_is_gone(rig: Rig, store: SqlStore, tmp_path: Path) -> None:
    path = Path(rig.url.removeprefix("sqlite:///"))

    def moves(tx: Tx) -> None:
        tx.add(step("moved"))
        if path.exists():
            os.rename(path, tmp_path / "elsewhere")

    ended = run(written_together(store, adds("a"), moves, adds("b")))
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


def test_where_the_commit_of_those_before_a_fault_is_not_known_each_hears_so_and_none_is_run_again(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was on disk: run once more, they would be told that what they made was there before."""
    commit = RootTransaction.commit
    broken = [True]

    def interrupted(transaction: RootTransaction) -> None:
        commit(transaction)
        if broken:
            broken.clear()
            raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(RootTransaction, "commit", interrupted)
        ended = run(written_together(store, adds("a"), adds("b"), fails, adds("c")))
    assert errors_of(ended) == [MemoryError, MemoryError, LookupError, None]
    assert step_ids(store) == ["a", "b", "c", "first"]
    assert is_whole(store)


def test_what_failed_beside_others_is_told_only_if_it_fails_by_itself(store: SqlStore) -> None:
    runs: list[int] = []

    def once(tx: Tx) -> int:
        runs.append(1)
        tx.add(step(f"run{len(runs)}"))
        if len(runs) == 1:
            raise LookupError
        return len(runs)

    assert run(written_together(store, adds("a"), once, adds("b"))) == ["a", 2, "b"]
    assert step_ids(store) == ["a", "b", "first", "run2"]
