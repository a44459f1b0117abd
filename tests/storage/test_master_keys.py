"""After a rotation nobody keeps a key under the old master key, so that retiring it loses nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import event

from trim_bot.crypto.data_keys import rewrap_all
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.vault import Vault
from trim_bot.domain.unused_keys import StoredKey
from trim_bot.storage.errors import MasterChanged, OtherMaster
from trim_bot.storage.keys.key_store import SqlKeyStore

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'keys.db'}"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def store(url: str) -> Iterator[SqlKeyStore]:
    store = SqlKeyStore(url)
    yield store
    store.close()


def key(name: str, master: str) -> StoredKey:
    return StoredKey(name, master, b"wrapped", NOON)


def ids(keyring: Keyring) -> list[str]:
    return [one.id for one in keyring.keys]


def test_a_process_with_the_old_keyring_keeps_no_more_keys(store: SqlKeyStore) -> None:
    before = Keyring.new()
    store.take_masters(ids(before))
    running = Vault(before, store, spare_pool=0)
    running.make_spares(3)
    after = before.rotated()
    store.take_masters(ids(after))
    with pytest.raises(MasterChanged):
        running.make_spares(3)
    assert rewrap_all(after, store) == 3
    store.must_fit(ids(after.retired()))
    Vault(after.retired(), store).fetch(store.all_ids())


def test_a_keyring_without_the_master_key_of_a_stored_key_is_refused(store: SqlKeyStore) -> None:
    store.add([key("a", "m1")])
    with pytest.raises(OtherMaster):
        store.take_masters(["m2"])
    store.take_masters(["m1", "m2"])
    assert store.masters() == ["m1"]
    with pytest.raises(OtherMaster):
        store.must_fit(["m2"])
    store.must_fit(["m1", "m2"])


def test_an_older_copy_of_the_keyring_is_refused(store: SqlKeyStore) -> None:
    store.take_masters(["m1"])
    store.take_masters(["m1", "m2"])
    with pytest.raises(OtherMaster):
        store.take_masters(["m1"])
    with pytest.raises(OtherMaster):
        store.must_fit(["m1"])
    store.add([key("a", "m2")])
    with pytest.raises(MasterChanged):
        store.add([key("b", "m2"), key("c", "m1")])
    assert store.all_ids() == ["a"]


def test_a_rotation_waits_for_keys_that_are_just_being_kept(store: SqlKeyStore, url: str) -> None:
    store.take_masters(["m1"])
    rotating, looked, go_on = SqlKeyStore(url), Event(), Event()

    @event.listens_for(store._engine, "after_cursor_execute")
    def pause(*call: object) -> None:
        if "key_store_facts" in str(call[2]):
            looked.set()
            assert go_on.wait(30)

    with ThreadPoolExecutor(2) as pool:
        adding = pool.submit(store.add, [key("a", "m1")])
        assert looked.wait(30)
        rotated = pool.submit(rotating.take_masters, ["m1", "m2"])
        assert not rotated.done()
        go_on.set()
        adding.result(30)
        rotated.result(30)
    assert [one.id for one in rotating.not_under("m2", 10)] == ["a"]
    rotating.close()
