"""A body is run again when it needs keys, never keeps a key it did not use, and never works without one."""

from __future__ import annotations

import contextlib

import pytest
from sqlalchemy.engine import RootTransaction

from tests.storage.conftest import Rig
from tests.storage.running import ORG, run, step
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Member
from trim_bot.domain.steps import Step
from trim_bot.domain.unused_keys import SparesNeeded


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


def test_a_body_that_needs_one_key_after_another_gets_them_all(rig: Rig) -> None:
    run(rig.store.write(ORG, lambda tx: _members(tx, 12)))
    runs: list[int] = []

    def one_by_one(tx: Tx) -> list[str]:
        runs.append(1)
        return [member.name for index in range(12) if (member := tx.get(Member, MemberId(f"m{index:02}")))]

    assert len(run(rig.again().write(ORG, one_by_one))) == 12
    assert len(runs) == 13


def test_a_signal_that_the_body_catches_still_runs_it_again(rig: Rig) -> None:
    run(rig.store.write(ORG, lambda tx: _members(tx, 1)))

    def careless(tx: Tx) -> str | None:
        with contextlib.suppress(SafeError):
            member = tx.get(Member, MemberId("m00"))
            return member.name if member else None
        tx.add(step("written without the key"))
        return None

    assert run(rig.again().write(ORG, careless)) == "Name 0"
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


def test_a_body_may_take_as_many_keys_as_it_needs_in_one_transaction(rig: Rig) -> None:
    runs: list[int] = []

    def many(tx: Tx) -> None:
        runs.append(1)
        _members(tx, 700)

    run(rig.store.write(ORG, many))
    assert len(run(rig.store.read(ORG, lambda tx: tx.find(Member)))) == 700
    # Each run may take twice as many as the one before.
    assert len(runs) <= 10


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
