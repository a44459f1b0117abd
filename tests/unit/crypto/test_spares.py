"""Spare keys: committed and taken before use, given once, returned only when surely unused, asked for again."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from tests.fakes_crypto import HandClock, MemoryKeyStore
from trim_bot.crypto.data_keys import SURE_FOR
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.vault import Vault
from trim_bot.domain.unused_keys import KeyNeeded, SparesNeeded

KEYRING = Keyring.new()
MOMENT = timedelta(microseconds=1)


def test_a_spare_is_committed_before_it_is_given_and_given_once() -> None:
    store = MemoryKeyStore()
    vault = Vault(KEYRING, store, spare_pool=0)
    vault.make_spares(3)
    assert vault.spares == len(store.all_ids()) == 3
    taken = [vault.take() for _ in range(3)]
    assert sorted(taken) == sorted(store.all_ids())
    with pytest.raises(SparesNeeded):
        vault.take()


def test_a_spare_that_could_not_be_committed_is_never_given() -> None:
    class Full(MemoryKeyStore):
        def add(self, keys, spares=(), /):
            raise ConnectionError

    vault = Vault(KEYRING, Full())
    with pytest.raises(ConnectionError):
        vault.make_spares(3)
    assert vault.spares == 0
    with pytest.raises(SparesNeeded):
        vault.take()


@pytest.mark.parametrize(
    ("waiting", "asked"), [(0, 3), (1, 3), (2, 3), (3, 3), (7, 3), (1, 2), (2, 5), (3, 5), (3, 8)]
)
def test_as_many_spares_are_made_as_were_asked_for_and_do_not_wait_already(waiting: int, asked: int) -> None:
    store = MemoryKeyStore()
    Vault(KEYRING, store, spare_pool=waiting).make_spares(1)
    vault = Vault(KEYRING, store, spare_pool=0)
    vault.make_spares(asked)
    assert vault.spares == asked
    assert len(store.all_ids()) == 1 + waiting + max(0, asked - waiting)
    assert len(store.spares) == max(0, waiting - asked)


def test_it_is_counted_how_often_keys_were_taken_or_destroyed() -> None:
    vault = Vault(KEYRING, MemoryKeyStore())
    assert vault.uses == 0
    vault.make_spares(2)
    vault.take()
    key = vault.take()
    assert vault.uses == 2
    vault.give_back(key)
    vault.destroy([key])
    assert vault.uses == 3


def test_a_spare_is_sure_for_five_minutes_and_not_longer() -> None:
    for waited, sure in ((timedelta(minutes=5) - MOMENT, True), (timedelta(minutes=5), False)):
        clock = HandClock()
        vault = Vault(KEYRING, MemoryKeyStore(), steady=clock)
        vault.make_spares(1)
        clock.forward(waited)
        if sure:
            vault.take()
        else:
            with pytest.raises(SparesNeeded):
                vault.take()


def test_a_taken_key_seals_without_a_read_and_is_there_after_a_restart() -> None:
    store = MemoryKeyStore()
    vault = Vault(KEYRING, store)
    vault.make_spares(1)
    key = vault.take()
    sealed = vault.seal("org", "t", "c", "r", key, b"words")
    assert store.reads == 0
    restarted = Vault(KEYRING, store)
    restarted.fetch([key])
    assert restarted.open("org", "t", "c", "r", key, sealed) == b"words"


def test_a_key_given_back_is_taken_again_first() -> None:
    vault = Vault(KEYRING, MemoryKeyStore())
    vault.make_spares(2)
    key = vault.take()
    vault.give_back(key)
    vault.give_back(key)
    assert vault.spares == 2
    assert vault.take() == key


def test_a_key_in_use_cannot_become_a_spare() -> None:
    store = MemoryKeyStore()
    maker = Vault(KEYRING, store)
    maker.make_spares(1)
    key = maker.take()
    other = Vault(KEYRING, store)
    other.fetch([key])
    other.give_back(key)
    other.give_back("none")
    assert other.spares == 0


def test_a_spare_that_lay_for_long_is_asked_for_again_and_then_used() -> None:
    clock, store = HandClock(), MemoryKeyStore()
    vault = Vault(KEYRING, store, spare_pool=0, steady=clock)
    vault.make_spares(2)
    kept, destroyed = store.all_ids()
    clock.forward(SURE_FOR)
    with pytest.raises(SparesNeeded):
        vault.take()
    store.delete([destroyed])
    vault.make_spares(1)
    (fresh,) = set(store.all_ids()) - {kept}
    assert {vault.take(), vault.take()} == {kept, fresh}
    with pytest.raises(SparesNeeded):
        vault.take()


def test_spares_that_were_destroyed_under_a_desk_are_dropped_when_it_looks() -> None:
    store = MemoryKeyStore()
    vault = Vault(KEYRING, store, spare_pool=0)
    vault.make_spares(3)
    store.delete(store.all_ids())
    vault.prove_spares()
    assert vault.spares == 3
    vault.prove_spares(every=True)
    assert vault.spares == 0


def test_keys_that_nobody_took_go_to_the_next_who_needs_some() -> None:
    store = MemoryKeyStore()
    first, second = Vault(KEYRING, store, spare_pool=5), Vault(KEYRING, store, spare_pool=5)
    first.make_spares(2)
    mine = [first.take(), first.take()]
    second.make_spares(5)
    theirs = [second.take() for _ in range(5)]
    assert len(set(mine + theirs)) == len(store.all_ids()) == 7


def test_what_an_ending_process_did_not_use_is_taken_by_the_next() -> None:
    store = MemoryKeyStore()
    ending = Vault(KEYRING, store, spare_pool=0)
    ending.make_spares(4)
    used = ending.take()
    ending.release()
    with pytest.raises(SparesNeeded):
        ending.take()
    after = Vault(KEYRING, store, spare_pool=0)
    after.make_spares(3)
    assert {after.take() for _ in range(3)} == set(store.all_ids()) - {used}


def test_a_destroyed_spare_is_not_given() -> None:
    store = MemoryKeyStore()
    vault = Vault(KEYRING, store)
    vault.make_spares(1)
    vault.destroy(store.all_ids())
    with pytest.raises(SparesNeeded):
        vault.take()


def test_threads_never_take_the_same_key_nor_read_a_wrong_one() -> None:
    vault = Vault(KEYRING, MemoryKeyStore(), room=8)
    vault.make_spares(200)
    taken: list[str] = []
    faults: list[str] = []

    def work() -> None:
        for _ in range(50):
            key = vault.take()
            taken.append(key)
            try:
                sealed = vault.seal("org", "t", "c", "r", key, key.encode())
                if vault.open("org", "t", "c", "r", key, sealed) != key.encode():
                    faults.append(key)
            except KeyNeeded as needed:
                vault.fetch(needed.key_ids)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 200
    assert faults == []
