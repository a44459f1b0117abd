"""A list's keys come in one round, from within a transaction only where the key store may be asked there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from threading import Event

import pytest

from tests.fakes_crypto import HandClock, MemoryKeyStore
from trim_bot.crypto.key_reach import AGAIN
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.vault import Vault, WorkKeys
from trim_bot.domain.key_openings import KeysHeldBack
from trim_bot.domain.unused_keys import KeyGone, KeyNeeded, SparesNeeded, StoredKey

KEYRING = Keyring.new()
BY_SERVICE = replace(KEYRING, by_service=True)


class SlowKeyStore(MemoryKeyStore):
    """A server that answers when it is let."""

    def __init__(self) -> None:
        super().__init__(on_server=True)
        self.answers = Event()
        self.answers.set()

    def get(self, ids: Iterable[str], /) -> dict[str, StoredKey]:
        self.answers.wait(10)
        return super().get(ids)


def _sealed(store: MemoryKeyStore, count: int) -> dict[str, bytes]:
    """So many values, by the key each is sealed under; whoever sealed them is gone."""
    maker = Vault(KEYRING, store, spare_pool=0, room=count)
    maker.make_spares(count)
    keys = [maker.take() for _ in range(count)]
    return {key: maker.seal("org", "t", "c", "r", key, key.encode()) for key in keys}


def _nothing(_ids: Sequence[str]) -> None:
    """Anything may be opened."""


def _open(work: WorkKeys, sealed: dict[str, bytes]) -> None:
    for key, value in sealed.items():
        assert work.open("org", "t", "c", "r", key, value) == key.encode()


@pytest.mark.parametrize("room", [0, 1, 2, 4096])
def test_a_list_is_opened_in_one_round_whatever_memory_holds(room: int) -> None:
    store = MemoryKeyStore()
    sealed = _sealed(store, 30)
    work = Vault(KEYRING, store, room=room).for_work(_nothing)
    work.need(sealed)
    _open(work, sealed)
    assert store.reads == 1


def test_more_than_memory_holds_is_opened_as_it_is_made() -> None:
    store = MemoryKeyStore()
    sealed = _sealed(store, 4097)
    work = Vault(KEYRING, store).for_work(_nothing)
    work.need(sealed)
    _open(work, sealed)
    assert store.reads == 1


def test_what_was_in_memory_stays_at_hand_when_others_push_it_out() -> None:
    store = MemoryKeyStore()
    sealed = _sealed(store, 6)
    vault = Vault(KEYRING, store, room=2)
    mine, theirs = list(sealed)[:2], list(sealed)[2:]
    vault.fetch(mine)
    work = vault.for_work(_nothing)
    work.need(mine)
    vault.fetch(theirs)
    _open(work, {key: sealed[key] for key in mine})
    assert store.reads == 2


def test_keys_that_are_taken_stay_at_hand_however_many() -> None:
    store = MemoryKeyStore()
    work = Vault(KEYRING, store, room=2).for_work(_nothing)
    keys = [work.take() for _ in range(20)]
    for key in keys:
        work.seal("org", "t", "c", "r", key, b"words")
        work.pseudonym(key, "journal", "somebody")
    assert store.reads == 0


def test_one_that_is_destroyed_meanwhile_opens_nothing() -> None:
    store = MemoryKeyStore()
    sealed = _sealed(store, 2)
    vault = Vault(KEYRING, store, room=0)
    work = vault.for_work(_nothing)
    work.need(sealed)
    gone, there = sealed
    vault.destroy([gone])
    with pytest.raises(KeyGone):
        work.open("org", "t", "c", "r", gone, sealed[gone])
    _open(work, {there: sealed[there]})


def test_one_that_is_not_there_is_gone_and_asked_for_once() -> None:
    store = MemoryKeyStore()
    work = Vault(KEYRING, store, room=0).for_work(_nothing)
    for _ in range(2):
        with pytest.raises(KeyGone):
            work.open("org", "t", "c", "r", "none", b"")
    assert store.reads == 1


@pytest.mark.parametrize("keyring", [KEYRING, BY_SERVICE])
def test_whether_so_much_may_be_opened_is_asked_before_the_key_store_is(keyring: Keyring) -> None:
    store = MemoryKeyStore()
    sealed = _sealed(store, 3)
    told: list[tuple[str, ...]] = []

    def foresee(ids: Sequence[str]) -> None:
        told.append(tuple(ids))
        raise KeysHeldBack

    work = Vault(keyring, store).for_work(foresee)
    with pytest.raises(KeysHeldBack):
        work.need(sealed)
    with pytest.raises(KeysHeldBack):
        work.fetch(sealed)
    assert told == [tuple(sealed)] * 2
    assert store.reads == 0


def test_all_that_was_asked_for_so_far_is_foreseen() -> None:
    store = MemoryKeyStore()
    one, two, three = _sealed(store, 3)
    told: list[tuple[str, ...]] = []
    work = Vault(KEYRING, store).for_work(lambda ids: told.append(tuple(ids)))
    work.need([one, two])
    work.need([three, one])
    assert told == [(one, two), (one, two, three)]


@pytest.mark.parametrize("room", [0, 4096])
def test_where_a_service_holds_the_keyring_nothing_is_asked_from_within(room: int) -> None:
    store = MemoryKeyStore()
    sealed = _sealed(store, 30)
    work = Vault(BY_SERVICE, store, room=room).for_work(_nothing)
    with pytest.raises(KeyNeeded) as caught:
        work.need(sealed)
    assert (caught.value.key_ids, store.reads) == (tuple(sealed), 0)
    assert work.fetch(caught.value.key_ids)
    work.need(sealed)
    _open(work, sealed)
    assert store.reads == 1
    assert not work.fetch(sealed)
    with pytest.raises(SparesNeeded) as needed:
        work.take(50)
    assert needed.value.count == 50
    assert len(store.kept) == 30
    work.make_spares(needed.value.count)
    assert work.take(50) in store.kept


def test_fresh_keys_are_made_where_they_are_missed() -> None:
    store = MemoryKeyStore()
    vault = Vault(KEYRING, store, spare_pool=0)
    work = vault.for_work(_nothing)
    taken = {work.take(0), work.take(0)}
    assert taken < set(store.kept) and vault.spares == 6
    for key in taken:
        work.give_back(key)
    assert vault.spares == 8


def test_fresh_keys_that_are_expected_are_made_in_one_round_and_none_where_enough_are_ready() -> None:
    store = MemoryKeyStore()
    vault = Vault(KEYRING, store, spare_pool=0)
    work = vault.for_work(_nothing)
    for expected, ready, rounds in ((5, 5, 1), (5, 5, 1), (2, 5, 1), (0, 5, 1), (12, 12, 2), (13, 13, 3)):
        work.expect(expected)
        assert (vault.spares, store.takes, len(store.kept)) == (ready, rounds, ready)


def test_where_a_service_holds_the_keyring_it_is_told_how_many_fresh_keys_are_lacking() -> None:
    store = MemoryKeyStore()
    work = Vault(BY_SERVICE, store, spare_pool=0).for_work(_nothing)
    work.make_spares(3)
    work.expect(3)
    work.expect(1)
    with pytest.raises(SparesNeeded) as needed:
        work.expect(7)
    assert (needed.value.count, store.takes) == (4, 1)


def test_a_server_that_is_slow_is_waited_for_a_moment_once_and_asked_outside_for_a_while() -> None:
    store, clock = SlowKeyStore(), HandClock()
    one, two, three = sealed = _sealed(store, 3)
    vault = Vault(KEYRING, store, steady=clock)
    vault.for_work(_nothing).need([one])
    assert store.reads == 1
    store.answers.clear()
    work = vault.for_work(_nothing)
    with pytest.raises(KeyNeeded):
        work.need([two])
    with pytest.raises(KeyNeeded):
        work.need([three])
    store.answers.set()
    # What was asked for then came all the same, or was never begun; what is needed is fetched outside.
    work.fetch([two, three])
    _open(work, sealed)
    assert one in sealed and store.reads <= 3
    with pytest.raises(SparesNeeded):
        work.take(0)
    clock.forward(AGAIN)
    assert work.take(0) in store.kept
    vault.release()
