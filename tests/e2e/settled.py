"""Settles each kind of deployment once a process; every later test begins with a copy of it, in stores of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.e2e.settling import Hire, settle
from trim_bot.settings import Settings
from trim_bot.settings.store_addresses import sqlite_path


@dataclass
class SettledOnce:
    """Keeps what was settled as nobody opened it again: what a test changes in its copy, no other test sees."""

    folder: Path
    _kept: dict[object, str] = field(default_factory=dict)

    async def settle(self, settings: Settings, hires: Sequence[Hire], site: str, workspace: str) -> None:
        """As `settling.settle` does. The stores are empty and nobody has opened them."""
        asked = (settings.is_sqlite, tuple(hires), site, workspace)
        if asked in self._kept:
            name = self._kept[asked]
            for file in _files(settings):
                shutil.copy2(self.folder / f"{name}-{file.name}", file)
            for part, url in _databases(settings):
                _copy(url, f"{name}_{part}", str(url.database))
            return
        await settle(settings, hires, site, workspace)
        name = f"settled_{len(self._kept)}"
        for file in _files(settings):
            # What stands in a log beside the file would not be copied.
            assert not file.with_name(f"{file.name}-wal").exists(), "a store was left open"
            shutil.copy2(file, self.folder / f"{name}-{file.name}")
        for part, url in _databases(settings):
            _copy(url, str(url.database), f"{name}_{part}")
        self._kept[asked] = name


def _files(settings: Settings) -> list[Path]:
    """Every file that settling wrote: the stores that are files, the keyring and what stands beside it."""
    urls = (settings.database_url, settings.keystore_url, settings.ledger_url)
    stores = [file for url in urls if (file := sqlite_path(url.get_secret_value())) is not None]
    return [*stores, Path(settings.trim_bot_keyring.removeprefix("file:")), settings.anchor_file]


def _databases(settings: Settings) -> Iterator[tuple[str, URL]]:
    for part, secret in (("data", settings.database_url), ("keys", settings.keystore_url)):
        url = make_url(secret.get_secret_value())
        if url.get_backend_name() == "postgresql":
            yield part, url


def _copy(server: URL, source: str, target: str) -> None:
    """Put a copy of one database where another was, or none."""
    address = server.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        for statement, *names in (
            ("DROP DATABASE IF EXISTS {} WITH (FORCE)", target),
            ("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", target, source),
        ):
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
