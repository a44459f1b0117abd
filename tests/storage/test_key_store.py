"""Wrapped keys are kept durably, destroyed for good, and belong to one keyring."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text

from trim_bot.crypto.data_keys import KeyStore
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.vault import Vault
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.unused_keys import KeyGone, StoredKey
from trim_bot.storage.errors import OtherKeyring
from trim_bot.storage.keys import key_store
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.small_stores import NoStore

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


def key(name: str, *, master: str = "m1", age_hours: int = 0) -> StoredKey:
    return StoredKey(name, master, f"wrapped {name}".encode(), NOON - timedelta(hours=age_hours))


def test_keys_come_back_as_they_were_kept(store: SqlKeyStore) -> None:
    kept = [key(f"k{n}") for n in range(1201)]
    store.add(kept)
    found = store.get([*(each.id for each in kept), "unknown"])
    assert found == {each.id: each for each in kept}
    assert store.all_ids() == sorted(found)


def test_a_second_opening_finds_what_the_first_kept(store: SqlKeyStore, url: str) -> None:
    store.add([key("a")])
    again = SqlKeyStore(url)
    assert again.get(["a"]) == {"a": key("a")}
    again.close()


def test_adding_is_all_or_none(store: SqlKeyStore) -> None:
    store.add([key("a")])
    with pytest.raises(StoreUnavailable):
        store.add([key("b"), key("a")])
    assert store.all_ids() == ["a"]


def test_a_deleted_key_is_gone_and_an_unknown_one_is_no_error(store: SqlKeyStore) -> None:
    store.add([key("a"), key("b")])
    store.delete(["a", "never was"])
    assert store.all_ids() == ["b"]


def test_a_new_wrapping_never_brings_a_deleted_key_back(store: SqlKeyStore) -> None:
    store.add([key("a"), key("b")])
    old = store.not_under("m2", 10)
    store.delete(["a"])
    store.replace([StoredKey(each.id, "m2", b"new", each.created_at) for each in old])
    assert store.all_ids() == ["b"]
    assert store.get(["b"])["b"].wrapped == b"new"
    assert store.not_under("m2", 10) == []


def test_another_keyring_is_noticed(store: SqlKeyStore, url: str) -> None:
    assert store.fingerprint() is None
    store.belongs_to("first")
    store.belongs_to("first")
    again = SqlKeyStore(url)
    with pytest.raises(OtherKeyring):
        again.belongs_to("second")
    assert again.fingerprint() == "first"
    again.close()


def test_keys_of_an_unknown_keyring_are_not_taken_over(store: SqlKeyStore) -> None:
    store.add([key("a")])
    with pytest.raises(OtherKeyring):
        store.belongs_to("first")


def test_the_vault_works_on_it_from_many_threads(store: SqlKeyStore) -> None:
    fits: KeyStore = store
    vault = Vault(Keyring.new(), fits)

    def seal(n: int) -> str:
        vault.make_spares(2)
        key_id = vault.take()
        sealed = vault.seal("org", "t", "c", str(n), key_id, b"words")
        assert vault.open("org", "t", "c", str(n), key_id, sealed) == b"words"
        return key_id

    with ThreadPoolExecutor(8) as pool:
        used = list(pool.map(seal, range(40)))
    assert len(set(used)) == 40
    assert set(used) <= set(store.all_ids())
    vault.destroy(used)
    with pytest.raises(KeyGone):
        vault.seal("org", "t", "c", "1", used[0], b"words")


def test_many_openings_at_once_make_one_store(url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(lambda _: SqlKeyStore(url), range(6)))
    stores[0].add([key("a")])
    assert all(each.all_ids() == ["a"] for each in stores)
    for each in stores:
        each.close()


def test_a_destroyed_key_is_in_no_byte_of_the_sqlite_files(tmp_path: Path) -> None:
    store = SqlKeyStore(f"sqlite:///{tmp_path / 'keys.db'}")
    secret = b"CANARY-" + b"z" * 60
    store.add([StoredKey("a", "m1", secret, NOON), key("b")])
    in_use = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret in in_use
    store.delete(["a"])
    assert store.all_ids() == ["b"]
    assert secret not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    store.close()


def test_the_sqlite_file_is_its_owners_alone_and_made_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "below" / "keys.db"
    with pytest.raises(NoStore):
        SqlKeyStore(f"sqlite:///{path}", create=False)
    assert not path.exists()
    store = SqlKeyStore(f"sqlite:///{path}")
    assert path.stat().st_mode & 0o777 == 0o600
    store.close()


def test_a_destruction_that_waits_for_a_reader_keeps_nobody_from_taking_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.db"
    store = SqlKeyStore(f"sqlite:///{path}")
    store.add([key("gone")], [key(f"spare {n}") for n in range(20)])
    with closing(sqlite3.connect(path, isolation_level=None)) as reader, ThreadPoolExecutor(1) as other:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        destroyed = other.submit(store.delete, ["gone"])
        while store.get(["gone"]):
            pass
        taken = [store.take(1, "m1") for _ in range(20)]
        still_waits = not destroyed.done()
        reader.execute("COMMIT")
    assert all(taken)
    assert still_waits
    destroyed.result()
    assert path.with_name("keys.db-wal").stat().st_size == 0
    store.close()


def test_a_server_that_is_stuck_keeps_nobody_waiting_for_good(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gesture's question about keys ends by itself; what goes through all of them takes as long as it needs."""
    monkeypatch.setattr(key_store, "STATEMENT_MS", 50)
    store = SqlKeyStore(str(request.getfixturevalue("postgres_database")))
    store.add([key("a")])
    stuck = store.engine.connect()
    stuck.execute(text("LOCK TABLE data_keys IN ACCESS EXCLUSIVE MODE"))
    for ask in (lambda: store.get(["a"]), lambda: store.add([key("b")])):
        with pytest.raises(StoreUnavailable):
            ask()
    with ThreadPoolExecutor(2) as pool:
        long = [pool.submit(ask) for ask in (store.all_ids, store.keys_in_store)]
        with pytest.raises(StoreUnavailable):
            store.get(["a"])
        assert not any(one.done() for one in long)
        stuck.close()
        assert [bool(one.result()) for one in long] == [True, True]
    store.close()


def test_which_master_keys_are_needed_is_asked_of_the_index_whatever_there_is(store: SqlKeyStore) -> None:
    """It is asked every few seconds: with millions of keys, going through them would take a core for itself."""
    assert store.masters() == []
    store.add([key(f"{master}{n}", master=master) for master in ("m3", "m1", "m2") for n in range(50)])
    seen: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    assert store.masters() == ["m1", "m2", "m3"]
    asked = [one for one in seen if "master_id" in one]
    assert len(asked) == 4 and all("min(" in one and "DISTINCT" not in one for one in asked)
