"""The same store three times: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes import FakeStore
from tests.fakes_crypto import MemoryKeyStore
from trim_bot.app.ports import Store
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.pseudonyms import Pseudonyms
from trim_bot.crypto.vault import Vault
from trim_bot.storage.store import SqlStore

KEYRING = Keyring.new()


@dataclass
class Rig:
    """A SQL store, the vault beside it and where its data lies."""

    url: str
    store: SqlStore
    vault: Vault
    keys: MemoryKeyStore
    again: Callable[[], SqlStore]
    """Another process on the same data: a store and a vault of its own, over the same key store."""


@dataclass
class DeskStore:
    """A store of any kind, and the one thing the port does not offer: to destroy keys."""

    store: Store
    destroy_keys: Callable[[list[str]], None]


@contextmanager
def _open_rig(url: str) -> Iterator[Rig]:
    keys = MemoryKeyStore()
    with ExitStack() as after:

        def open_store(vault: Vault) -> SqlStore:
            store = SqlStore(url, vault, Pseudonyms(KEYRING), busy_seconds=0.2)
            after.callback(store.close)
            return store

        vault = Vault(KEYRING, keys)
        store = open_store(vault)
        store.create_schema()
        yield Rig(url, store, vault, keys, lambda: open_store(Vault(KEYRING, keys)))


def _url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data.sqlite'}"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture(params=["sqlite", "postgresql"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with _open_rig(_url(request, tmp_path)) as rig:
        yield rig


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def desk_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DeskStore]:
    if request.param == "memory":
        fake = FakeStore(run_twice=True)
        yield DeskStore(fake, fake.destroy_keys)
        return
    with _open_rig(_url(request, tmp_path)) as rig:
        yield DeskStore(rig.store, rig.vault.destroy)
