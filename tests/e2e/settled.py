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
from trim_bot.settings.environment import Settings
from trim_bot.settings.store_addresses import help_path, sqlite_path


@dataclass
class SettledOnce:
    """Keeps what was settled as nobody opened it again: what a test changes in its copy, no other test sees."""

    folder: Path
    _kept: dict[object, str] = field(default_factory=dict)

    async def settle(self, settings: Settings, hires: Sequence[Hire], site: str, workspace: str) -> None:
        """As `settling.settle` does. The stores are empty and nobody has opened them."""
        asked = (settings.is_sqlite, tuple(hires), site, workspace)
        if not self.bring(settings, asked):
            await settle(settings, hires, site, workspace)
            self.keep(settings, asked)

    def keep(self, settings: Settings, what: object) -> None:
        """Keep what nobody has open now."""
        name = f"settled_{len(self._kept)}"
        for part, file in _files(settings):
            # What stands in a log beside the file would not be copied.
            assert not file.with_name(f"{file.name}-wal").exists(), "a store was left open"
            shutil.copy2(file, self.folder / f"{name}_{part}")
        for part, url in _databases(settings):
            _copy(url, str(url.database), f"{name}_{part}")
        self._kept[what] = name

    def bring(self, settings: Settings, what: object) -> bool:
        """Put a copy of what was kept into these stores, which nobody has opened; whether there was any."""
        if what not in self._kept:
            return False
        for part, file in _files(settings):
            shutil.copy2(self.folder / f"{self._kept[what]}_{part}", file)
        for part, url in _databases(settings):
            _copy(url, f"{self._kept[what]}_{part}", str(url.database))
        return True


def _addresses(settings: Settings) -> Iterator[tuple[str, str]]:
    for part, secret in (
        ("data", settings.database_url),
        ("keys", settings.keystore_url),
        ("ledger", settings.ledger_url),
    ):
        yield part, secret.get_secret_value()


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Every file that settling wrote: the stores that are files, the keyring, the anchor and the help numbers."""
    for part, address in _addresses(settings):
        if (file := sqlite_path(address)) is not None:
            yield part, file
    yield "keyring", Path(settings.trim_bot_keyring.removeprefix("file:"))
    yield "anchor", settings.anchor_file
    yield "help", help_path(settings)


def _databases(settings: Settings) -> Iterator[tuple[str, URL]]:
    for part, address in _addresses(settings):
        if sqlite_path(address) is None:
            yield part, make_url(address)


def _copy(server: URL, source: str, target: str) -> None:
    """Put a copy of one database where another was, or none."""
    address = server.set(drivername="postgresql", username="postgres", database="postgres")
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        for statement, *names in (
            ("DROP DATABASE IF EXISTS {} WITH (FORCE)", target),
            ("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", target, source),
        ):
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
