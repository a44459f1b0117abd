"""Where the stores of one town lie: three SQLite files or three databases of PostgreSQL, and their backups."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, make_url

from tests.simulator.killing import OURS
from trim_bot.crypto.keyring import Keyring
from trim_bot.settings.environment import Settings

NAMES = ("data", "keys", "ledger")


class Place(Protocol):
    """The stores of one town."""

    folder: Path
    kind: str

    def url(self, name: str) -> str:
        """The address of one of the three stores."""
        ...

    def empty(self, *names: str) -> None:
        """Take these stores away and put empty ones in their place."""
        ...

    def cut(self) -> None:
        """End every connection of the desk from the other side, where there is another side."""
        ...

    def restart(self) -> None:
        """Stop the database hard and start it again, where it is a server."""
        ...


@dataclass
class Files(Place):
    """Three files in a folder."""

    folder: Path
    kind: str = "sqlite"

    def url(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.sqlite"

    def empty(self, *names: str) -> None:
        for name in names:
            for file in self.folder.glob(f"{name}.sqlite*"):
                file.unlink()

    def cut(self) -> None:
        """A file has no other side."""

    def restart(self) -> None:
        """There is no server."""


@dataclass
class Databases(Place):
    """Three databases of one server; `server` is its address, `restarting` stops it hard and starts it."""

    folder: Path
    server: str
    prefix: str
    restarting: Callable[[], None]
    kind: str = "postgresql"

    def url(self, name: str) -> str:
        made = make_url(self.server).set(drivername="postgresql+psycopg", database=f"{self.prefix}_{name}")
        return made.render_as_string(hide_password=False)

    def empty(self, *names: str) -> None:
        for name in names:
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
            self._run("CREATE DATABASE {} STRATEGY FILE_COPY", name)

    def cut(self) -> None:
        query = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname LIKE %s AND pid <> pg_backend_pid()"
        )
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(query, (f"{self.prefix}_%",))

    def restart(self) -> None:
        self.restarting()

    def drop(self) -> None:
        """Take all three away."""
        for name in NAMES:
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _run(self, statement: str, name: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(f"{self.prefix}_{name}")))


def settings_of(place: Place, **changed: Any) -> Settings:
    """The environment of a desk at this place."""
    keyring = place.folder / "keyring.json"
    if not keyring.exists():
        Keyring.new().save(keyring)
    values: dict[str, Any] = {
        "database_url": SecretStr(place.url("data")),
        "keystore_url": SecretStr(place.url("keys")),
        "ledger_url": SecretStr(place.url("ledger")),
        "trim_bot_keyring": f"file:{keyring}",
        "trim_bot_env": "test",
        "anchor_url": f"file:{place.folder / 'ledger.anchor'}",
        "help_file": str(place.folder / "trim_bot_help.json"),
        "public_url": "http://127.0.0.1:8000",
    }
    return Settings(**(values | changed))


def outside_engine(url: str) -> Engine:
    """An engine of the simulator's own, which outlives the desk and is never ended with it."""
    options = {OURS: True, "isolation_level": "AUTOCOMMIT"}
    # A server that was stopped or cut us off is simply asked again.
    return create_engine(url, execution_options=options, pool_size=1, pool_pre_ping=True)


@contextmanager
def folder_in(parent: Path, name: str) -> Iterator[Path]:
    """A folder that is gone afterwards."""
    made = parent / name
    made.mkdir(mode=0o700, parents=True)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
