"""A body gets the keys it needs, never keeps one it did not use, and never works without one; it is run again for them
only where the key store may not be asked from within a transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import RootTransaction

from tests.storage.conftest import KEYRING, Rig
from tests.storage.running import NOW, ORG, OTHER, run, step
from tests.store_looks import make_tables
from trim_bot.app.seam.ports import Tx
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.crypto.vault import Vault
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.ids import MemberId
from trim_bot.domain.key_openings import KeysHeldBack
from trim_bot.domain.people import Member
from trim_bot.domain.records import Action
from trim_bot.domain.steps import Step
from trim_bot.domain.unused_keys import SparesNeeded
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.store import SqlStore


def _members(tx: Tx, number: int) -> None:
    for index in range(number):
        tx.add(Member(MemberId(f"m{index:02}"), tx.new_key(), f"Name {index}"))


def test_another_process_fetches_the_keys_it_needs(rig: Rig) -> None:
    run(rig.store.write(ORG, lambda tx: _members(tx, 40)))
    other = rig.again()
    reads = rig.keys.reads
    found = run(other.read(ORG, lambda tx: [one.name for one in tx.find(Member)]))
    assert found == [f"Name {index}" for index in range(40)]
    assert rig.keys.reads == reads + 1


@pytest.mark.parametrize("by_service", [False, True])
def test_a_body_that_needs_one_key_after_another_gets_them_all(rig: Rig, *, by_service: bool) -> None:
    run(rig.store.write(ORG, lambda tx: _members(tx, 12)))
    runs: list[int] = []

    def one_by_one(tx: Tx) -> list[str]:
        runs.append(1)
        return [member.name for index in range(12) if (member := tx.get(Member, MemberId(f"m{index:02}")))]

    reads = rig.keys.reads
    assert len(run(rig.again(by_service=by_service).write(ORG, one_by_one))) == 12
    assert rig.keys.reads == reads + 12
    assert len(runs) == (13 if by_service else 1)


@pytest.mark.parametrize("by_service", [False, True])
@pytest.mark.parametrize("room", [1, 4096])
def test_a_list_is_opened_in_one_round_though_memory_holds_less(
    rig: Rig, room: int, *, by_service: bool
) -> None:
    run(rig.store.write(ORG, lambda tx: _members(tx, 50)))
    other, reads = rig.again(by_service=by_service, room=room), rig.keys.reads
    for call in (other.read, other.write):
        assert len(run(call(ORG, lambda tx: [one.name for one in tx.find(Member)]))) == 50
    assert rig.keys.reads == reads + (2 if room == 1 else 1)


def test_no_key_store_is_asked_while_a_transaction_is_open_where_a_service_opens_the_keyring(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(rig.store.write(ORG, lambda tx: _members(tx, 3)))
    store, open_now, asked = rig.again(by_service=True), [0], list[int]()
    for name in ("get", "take", "add", "still_taken"):
        way = getattr(rig.keys, name)

        def noted(*given: object, way: Callable[..., object] = way) -> object:
            asked.append(open_now[0])
            return way(*given)

        monkeypatch.setattr(rig.keys, name, noted)
    transaction = store._commits._transaction

    def watched(*given: Any) -> object:
        open_now[0] += 1
        try:
            return transaction(*given)
        finally:
            open_now[0] -= 1

    monkeypatch.setattr(store._commits, "_transaction", watched)

    def body(tx: Tx) -> int:
        _members_after(tx, 20)
        return len(tx.find(Member))

    assert run(store.write(ORG, body)) == 23
    assert len(asked) >= 2 and set(asked) == {0}


def _members_after(tx: Tx, number: int) -> None:
    for index in range(number):
        tx.add(Member(MemberId(f"n{index:02}"), tx.new_key(), f"Name {index}"))


@pytest.mark.parametrize("by_service", [False, True])
def test_a_signal_that_the_body_catches_never_lets_it_work_without_the_key(
    rig: Rig, *, by_service: bool
) -> None:
    run(rig.store.write(ORG, lambda tx: _members(tx, 1)))

    def careless(tx: Tx) -> str | None:
        with contextlib.suppress(SafeError):
            member = tx.get(Member, MemberId("m00"))
            return member.name if member else None
        tx.add(step("written without the key"))
        return None

    assert run(rig.again(by_service=by_service).write(ORG, careless)) == "Name 0"
    assert run(rig.store.read(ORG, lambda tx: tx.find(Step))) == []


@pytest.mark.parametrize("fault", [KeysHeldBack(), StoreUnavailable()])
def test_what_the_body_catches_of_keys_that_did_not_come_ends_it_all_the_same(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, fault: SafeError
) -> None:
    run(rig.store.write(ORG, lambda tx: _members(tx, 1)))
    store = rig.again()

    def failing(*_: object) -> None:
        raise fault

    if isinstance(fault, KeysHeldBack):
        monkeypatch.setattr(store.openings, "foresee", failing)
    else:
        monkeypatch.setattr(rig.keys, "get", failing)

    def careless(tx: Tx) -> None:
        with contextlib.suppress(SafeError):
            tx.get(Member, MemberId("m00"))
        tx.add(step("written without the key"))

    with pytest.raises(type(fault)):
        run(store.write(ORG, careless))
    assert run(rig.store.read(ORG, lambda tx: tx.find(Step))) == []


def test_a_key_of_an_undone_body_is_used_for_the_next(rig: Rig) -> None:
    taken: list[str] = []

    def stopped(tx: Tx) -> None:
        taken.append(tx.new_key())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        run(rig.store.write(ORG, stopped))
    spares = rig.vault.spares
    assert run(rig.store.write(ORG, lambda tx: tx.new_key())) == taken[-1]
    assert rig.vault.spares == spares - 1


@pytest.mark.parametrize("by_service", [False, True])
def test_a_body_may_take_as_many_keys_as_it_needs_in_one_transaction(rig: Rig, *, by_service: bool) -> None:
    runs: list[int] = []

    def many(tx: Tx) -> None:
        runs.append(1)
        _members(tx, 700)

    run(rig.again(by_service=by_service).write(ORG, many))
    assert len(run(rig.store.read(ORG, lambda tx: tx.find(Member)))) == 700
    # Each run may take twice as many as the one before.
    assert len(runs) <= (10 if by_service else 1)


def test_a_body_that_always_wants_one_more_is_given_up(rig: Rig) -> None:
    def greedy(tx: Tx) -> None:
        taken.append(tx.new_key())
        raise SparesNeeded(1)

    taken: list[str] = []
    with pytest.raises(StoreUnavailable):
        run(rig.store.write(ORG, greedy))
    assert len(taken) < 10


def test_a_key_whose_commit_may_have_happened_is_never_taken_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(rig.store.write(ORG, lambda tx: _members(tx, 1)))
    commit = RootTransaction.commit

    def interrupted(transaction: RootTransaction) -> None:
        commit(transaction)
        raise MemoryError

    left = rig.vault.spares
    with monkeypatch.context() as patched:
        patched.setattr(RootTransaction, "commit", interrupted)
        with pytest.raises(MemoryError):
            run(rig.store.write(ORG, lambda tx: tx.add(Member(MemberId("late"), tx.new_key(), "Late"))))
    assert rig.vault.spares == left - 1


def test_a_key_store_that_somebody_has_locked_stops_only_whoever_needs_a_new_key(tmp_path: Path) -> None:
    keys = SqlKeyStore(f"sqlite:///{tmp_path / 'keys.sqlite'}")
    store = SqlStore(f"sqlite:///{tmp_path / 'data.sqlite'}", Vault(KEYRING, keys), Pseudonyms(KEYRING))
    make_tables(store)

    async def both(locked: sqlite3.Connection) -> bool:
        one = asyncio.ensure_future(store.write(ORG, lambda tx: _members(tx, 1)))
        two = asyncio.ensure_future(store.write(OTHER, lambda tx: tx.add(step("s"))))
        await two
        still_waits = not one.done()
        locked.execute("COMMIT")
        await one
        return still_waits

    for organisation in (ORG, OTHER):
        run(store.write(organisation, lambda tx: tx.journal.write("a", Action.CHANGED, "w", "s", NOW)))
    with closing(sqlite3.connect(tmp_path / "keys.sqlite", isolation_level=None)) as locked:
        locked.execute("BEGIN IMMEDIATE")
        assert run(both(locked))
    assert len(run(store.read(ORG, lambda tx: tx.find(Member)))) == 1
    store.close()
    keys.close()
