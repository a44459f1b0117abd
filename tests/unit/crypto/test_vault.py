"""Sealed values open in their own place alone, and keys come, go and die as promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes_crypto import HandClock, MemoryKeyStore
from trim_bot.crypto.data_keys import rewrap_all
from trim_bot.crypto.errors import SealBroken, WrongKey
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.vault import Vault
from trim_bot.domain.unused_keys import KeyGone, KeyNeeded, SparesNeeded

KEYRING = Keyring.new()
STORE = MemoryKeyStore()
# Its clock stands: on a slow machine a run may take longer than keys are held for.
VAULT = Vault(KEYRING, STORE, steady=HandClock())
VAULT.make_spares(2)
KEY, OTHER_KEY = VAULT.take(), VAULT.take()
PLACE = ("org", "cases", "notes", "row", KEY)
names = st.text(max_size=12)


@given(st.binary(max_size=3000), names, names, names, names)
def test_what_is_sealed_opens_again(plain: bytes, org: str, table: str, column: str, row: str) -> None:
    sealed = VAULT.seal(org, table, column, row, KEY, plain)
    assert VAULT.open(org, table, column, row, KEY, sealed) == plain


@given(st.tuples(names, names, names, names), st.tuples(names, names, names, names))
def test_nothing_opens_in_another_place(
    here: tuple[str, str, str, str], there: tuple[str, str, str, str]
) -> None:
    sealed = VAULT.seal(*here, KEY, b"words")
    if here != there:
        with pytest.raises(SealBroken):
            VAULT.open(*there, KEY, sealed)
    with pytest.raises(SealBroken):
        VAULT.open(*here, OTHER_KEY, sealed)


@pytest.mark.parametrize(
    "moved",
    [("a", "bab", "ab", "ab"), ("ab", "a", "bab", "ab"), ("ab", "ab", "a", "bab"), ("ab", "abab", "", "ab")],
)
def test_each_part_of_the_place_counts_even_when_the_joined_text_is_equal(
    moved: tuple[str, str, str, str],
) -> None:
    sealed = VAULT.seal("ab", "ab", "ab", "ab", KEY, b"words")
    with pytest.raises(SealBroken):
        VAULT.open(*moved, KEY, sealed)


def test_any_changed_or_missing_byte_breaks_the_seal() -> None:
    sealed = VAULT.seal(*PLACE, b"words")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 0x80
        for broken in (bytes(changed), sealed[:place]):
            with pytest.raises(SealBroken):
                VAULT.open(*PLACE, broken)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_length_tells_only_the_bucket(one: int, two: int) -> None:
    def bucket(length: int) -> int:
        sizes: list[int] = [64, 256, *range(1024, 9000, 1024)]
        return min(size for size in sizes if length + 4 <= size)

    sizes = {length: len(VAULT.seal(*PLACE, b"x" * length)) for length in (one, two)}
    assert sizes[one] == bucket(one) + 29
    assert (sizes[one] == sizes[two]) == (bucket(one) == bucket(two))


def test_sealing_twice_never_looks_the_same() -> None:
    assert len({VAULT.seal(*PLACE, b"words") for _ in range(100)}) == 100


def test_a_body_asks_for_its_keys_and_runs_again() -> None:
    sealed = VAULT.seal(*PLACE, b"words")
    fresh = Vault(KEYRING, STORE)
    with pytest.raises(KeyNeeded) as caught:
        fresh.open(*PLACE, sealed)
    assert caught.value.key_ids == (KEY,)
    fresh.fetch(caught.value.key_ids)
    assert fresh.open(*PLACE, sealed) == b"words"


def test_which_keys_of_a_list_must_be_fetched_is_told_at_once() -> None:
    fresh = Vault(KEYRING, STORE)
    fresh.fetch([KEY])
    there, missing = fresh.among([OTHER_KEY, KEY, "none", OTHER_KEY])
    assert (list(there), missing) == ([KEY], [OTHER_KEY, "none"])
    assert list(fresh.fetch(missing)) == [OTHER_KEY]
    assert fresh.among([OTHER_KEY, KEY, "none"])[1] == []


def test_an_unknown_key_is_gone_once_it_was_looked_for() -> None:
    fresh = Vault(KEYRING, STORE)
    fresh.fetch(["none"])
    with pytest.raises(KeyGone) as caught:
        fresh.seal("org", "cases", "notes", "row", "none", b"")
    assert caught.value.key_id == "none"


def test_more_keys_than_there_is_room_for_are_handed_to_whoever_asked() -> None:
    store = MemoryKeyStore()
    maker = Vault(KEYRING, store, spare_pool=0)
    maker.make_spares(20)
    ids = [maker.take() for _ in range(20)]
    small = Vault(KEYRING, store, room=4)
    assert list(small.fetch(ids)) == ids
    assert small.among(ids)[1] == ids[:16]


def test_a_destroyed_key_is_gone_here_at_once_and_elsewhere_soon() -> None:
    store, clock = MemoryKeyStore(), HandClock()
    here, elsewhere = (Vault(KEYRING, store, spare_pool=0, steady=clock) for _ in range(2))
    here.make_spares(1)
    key = here.take()
    sealed = here.seal("org", "cases", "notes", "row", key, b"words")
    elsewhere.fetch([key])
    here.destroy([key])
    assert store.all_ids() == []
    with pytest.raises(KeyGone):
        here.open("org", "cases", "notes", "row", key, sealed)
    clock.forward(timedelta(minutes=15))
    with pytest.raises(KeyNeeded):
        elsewhere.open("org", "cases", "notes", "row", key, sealed)
    elsewhere.fetch([key])
    with pytest.raises(KeyGone):
        elsewhere.open("org", "cases", "notes", "row", key, sealed)


def test_a_key_destroyed_while_it_is_fetched_does_not_come_back() -> None:
    class Slow(MemoryKeyStore):
        def get(self, ids, /):
            found = super().get(ids)
            if self.reads == 1:
                vault.destroy(list(found))
            return found

    store = Slow()
    Vault(KEYRING, store, spare_pool=0).make_spares(1)
    (key,) = store.all_ids()
    vault = Vault(KEYRING, store, spare_pool=0)
    vault.fetch([key])
    with pytest.raises(KeyGone):
        vault.seal("org", "cases", "notes", "row", key, b"")


def test_a_failing_key_store_still_empties_memory() -> None:
    class StoreFailing(MemoryKeyStore):
        def delete(self, ids, /):
            raise ConnectionError

    vault = Vault(KEYRING, StoreFailing())
    vault.make_spares(1)
    key = vault.take()
    with pytest.raises(ConnectionError):
        vault.destroy([key])
    with pytest.raises(KeyGone):
        vault.seal("org", "cases", "notes", "row", key, b"")


def test_a_pseudonym_is_steady_and_dies_with_its_key() -> None:
    vault = Vault(KEYRING, MemoryKeyStore())
    vault.make_spares(2)
    one, two = vault.take(), vault.take()
    name = vault.pseudonym(one, "journal", "member")
    assert name == vault.pseudonym(one, "journal", "member")
    assert len(name) == 26
    others = [(one, "export", "member"), (one, "journal", "other"), (two, "journal", "member")]
    assert len({name, *(vault.pseudonym(*other) for other in others)}) == 4
    vault.destroy([one])
    with pytest.raises(KeyGone):
        vault.pseudonym(one, "journal", "member")


def test_rotation_and_rewrapping_keep_everything_readable() -> None:
    store = MemoryKeyStore()
    old = Vault(KEYRING, store, spare_pool=0)
    old.make_spares(7)
    kept = {key: old.seal("org", "t", "c", "r", key, key.encode()) for key in (old.take() for _ in range(7))}
    names = {key: old.pseudonym(key, "journal", "x") for key in kept}
    after = KEYRING.rotated()
    assert rewrap_all(after, store, batch=3) == 7
    assert rewrap_all(after, store) == 0
    new = Vault(after.retired(), store)
    new.fetch(kept)
    assert all(new.open("org", "t", "c", "r", key, sealed) == key.encode() for key, sealed in kept.items())
    assert {key: new.pseudonym(key, "journal", "x") for key in kept} == names
    with pytest.raises(WrongKey):
        Vault(KEYRING, store, spare_pool=0).fetch(kept)


def test_rewrapping_keeps_five_hundred_at_a_time_when_it_is_stopped() -> None:
    store = MemoryKeyStore()
    Vault(KEYRING, store, spare_pool=0).make_spares(600)
    after, unread = KEYRING.rotated(), list(store.kept)[500]
    whole = store.kept[unread]
    store.kept[unread] = replace(whole, wrapped=b"")
    with pytest.raises(WrongKey):
        rewrap_all(after, store)
    assert len(store.not_under(after.newest.id, 600)) == 100
    store.kept[unread] = whole
    assert rewrap_all(after, store) == 100


def test_exchanged_rows_of_the_key_store_are_noticed() -> None:
    store = MemoryKeyStore()
    Vault(KEYRING, store, spare_pool=0).make_spares(2)
    one, two = store.all_ids()
    a, b = store.kept[one], store.kept[two]
    store.kept[one] = type(a)(one, b.master_id, b.wrapped, a.created_at)
    with pytest.raises(WrongKey):
        Vault(KEYRING, store, spare_pool=0).fetch([one])


def test_spares_are_asked_for() -> None:
    vault = Vault(KEYRING, MemoryKeyStore(), spare_batch=5)
    with pytest.raises(SparesNeeded) as caught:
        vault.take()
    assert caught.value.count == 5


def _in_use(count: int, clock: HandClock, room: int = 4096) -> tuple[Vault, MemoryKeyStore, list[str]]:
    """A vault that has just used so many keys, one after the other."""
    store = MemoryKeyStore()
    maker = Vault(KEYRING, store, spare_pool=0)
    maker.make_spares(count)
    ids = [maker.take() for _ in range(count)]
    vault = Vault(KEYRING, store, steady=clock, room=room)
    vault.fetch(ids)
    for id in ids:
        vault.seal("org", "cases", "notes", "row", id, b"")
    return vault, store, ids


def test_keys_used_lately_come_along_with_one_that_is_asked_for() -> None:
    clock = HandClock()
    vault, store, ids = _in_use(3, clock)
    clock.forward(timedelta(minutes=15))
    vault.fetch(ids[:1])
    assert vault.among(ids)[1] == []
    assert store.reads == 2


def test_a_key_not_used_for_a_day_does_not_come_along() -> None:
    clock = HandClock()
    vault, _, ids = _in_use(2, clock)
    for _ in range(24):
        clock.forward(timedelta(hours=1))
        vault.fetch(ids[:1])
        vault.seal("org", "cases", "notes", "row", ids[0], b"")
    assert vault.among(ids)[1] == ids[1:]


def test_only_those_used_last_come_along() -> None:
    clock = HandClock()
    vault, _, ids = _in_use(80, clock)
    clock.forward(timedelta(minutes=15))
    vault.fetch(ids[:10])
    assert vault.among(ids)[1] == ids[10:16]


def test_what_comes_along_may_be_gone_or_spoilt() -> None:
    clock = HandClock()
    vault, store, ids = _in_use(3, clock)
    asked, gone, spoilt = ids
    store.delete([gone])
    store.kept[spoilt] = replace(store.kept[spoilt], wrapped=b"spoilt" * 10)
    clock.forward(timedelta(minutes=15))
    vault.fetch([asked])
    vault.seal("org", "cases", "notes", "row", asked, b"")
    with pytest.raises(KeyGone):
        vault.seal("org", "cases", "notes", "row", gone, b"")
    with pytest.raises(KeyNeeded):
        vault.seal("org", "cases", "notes", "row", spoilt, b"")
    with pytest.raises(WrongKey):
        vault.fetch([spoilt])
    vault.destroy([asked])
    clock.forward(timedelta(minutes=15))
    vault.fetch(["none"])
    assert vault.among([asked])[1] == [asked]
