"""The same store three times: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine, make_url

from tests.fakes import FakeStore
from tests.fakes_crypto import MemoryKeyStore
from tests.store_looks import make_tables
from trim_bot.app.seam.ports import Store
from trim_bot.crypto.keyring import Keyring, Pseudonyms
from trim_bot.crypto.vault import Vault
from trim_bot.storage.group_commit import MOST_WAITS
from trim_bot.storage.store import SqlStore
from trim_bot.storage.tables import metadata

KEYRING = Keyring.new()


@dataclass
class Rig:
    """A SQL store, the vault beside it and where its data lies."""

    url: str
    store: SqlStore
    vault: Vault
    keys: MemoryKeyStore
    again: Callable[..., SqlStore]
    """Another process on the same data: a store and a vault of its own, over the same key store.

    It takes the seconds to wait for a lock, how often it `waits`, `by_service` for a keyring that a key service
    opened, and the `room` of its vault.
    """


@dataclass
class DeskStore:
    """A store of any kind, and the one thing the port does not offer: to destroy keys."""

    store: Store
    destroy_keys: Callable[[list[str]], None]


@contextmanager
def _open_rig(url: str) -> Iterator[Rig]:
    keys = MemoryKeyStore()
    with ExitStack() as after:

        def open_store(vault: Vault, busy: float = 30.0, waits: int = MOST_WAITS) -> SqlStore:
            store = SqlStore(url, vault, Pseudonyms(KEYRING), busy_seconds=busy, most_waits=waits)
            after.callback(store.close)
            return store

        vault = Vault(KEYRING, keys)
        store = open_store(vault)
        if url.startswith("sqlite"):
            make_tables(store)

        def again(
            busy: float = 30.0, *, waits: int = MOST_WAITS, by_service: bool = False, room: int = 4096
        ) -> SqlStore:
            return open_store(Vault(replace(KEYRING, by_service=by_service), keys, room=room), busy, waits)

        yield Rig(url, store, vault, keys, again)


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str) -> Iterator[str]:
    """One database for the tests of this folder, emptied before each: making one for each takes longer."""
    server = make_url(postgres_url)
    name = sql.Identifier(f"shared_{os.getpid()}")
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        url = server.set(database=f"shared_{os.getpid()}").render_as_string(hide_password=False)
        engine = create_engine(url)
        metadata.create_all(engine)
        engine.dispose()
        yield url
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data.sqlite'}"
    url = str(request.getfixturevalue("shared_postgres"))
    # All in one question; a table that a test took away would be told here.
    statements = (sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in metadata.tables)
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False)) as connection:
        connection.execute(sql.SQL("; ").join(statements))
    return url


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
