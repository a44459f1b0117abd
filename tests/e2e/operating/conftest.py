"""A place of its own for each test: an environment, three databases and a keyring in a fresh folder."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.commands import run_command
from trim_bot.cli.making_stores import make_stores
from trim_bot.crypto.keyring import Keyring
from trim_bot.settings.environment import Settings
from trim_bot.settings.for_serving import settings_for_serving
from trim_bot.storage.backup.taking_backup import Places

SITE = """\
name = "Example Transport"
slug = "example-transport"
zone = "Europe/London"
country = "GB"
region = "ENG"

[hours]
monday = ["09:00-17:00"]
"""


@dataclass
class Place:
    """One environment, and the commands run in it."""

    folder: Path
    environment: pytest.MonkeyPatch

    def run(self, *words: str, code: int = 0) -> str:
        """What a command says; it must end with this exit code."""
        result = self.result(*words)
        assert result.exit_code == code, f"{result.exit_code}: {result.output}"
        return result.output

    def result(self, *words: str) -> Result:
        """How a command ended."""
        return run_command(*words)

    def json(self, *words: str, code: int = 0) -> Any:
        """What a command says to programs."""
        return json.loads(self.run(*words, "--json", code=code))

    def set(self, **names: str) -> None:
        """Set variables of the environment."""
        for name, value in names.items():
            self.environment.setenv(name, value)

    def settings(self) -> Settings:
        """The settings as `serve` reads them."""
        return settings_for_serving()

    def site_file(self, text: str = SITE) -> str:
        """A site file, and where it is."""
        path = self.folder / "site.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)


_FILES = ("data.db", "keys.db", "ledger.db")


@pytest.fixture(scope="session")
def made_stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three stores as `trim-bot migrate` makes them."""
    folder = tmp_path_factory.mktemp("made")
    make_stores(Places(*(f"sqlite:///{folder / name}" for name in _FILES)))
    return folder


@pytest.fixture
def place(bare_place: Place, made_stores: Path) -> Place:
    """A test deployment with its keyring, and nothing in its databases."""
    for name in _FILES:
        shutil.copyfile(made_stores / name, bare_place.folder / name)
        (bare_place.folder / name).chmod(0o600)
    return bare_place


@pytest.fixture
def bare_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A test deployment with its keyring, whose databases nobody has made yet."""
    Keyring.new().save(tmp_path / "desk.key")
    here = Place(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    here.set(
        TRIM_BOT_ENV="test",
        TRIM_BOT_KEYRING=f"file:{tmp_path / 'desk.key'}",
        DATABASE_URL=f"sqlite:///{tmp_path / 'data.db'}",
        KEYSTORE_URL=f"sqlite:///{tmp_path / 'keys.db'}",
        LEDGER_URL=f"sqlite:///{tmp_path / 'ledger.db'}",
    )
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield here
    # Commands set up the log of this process.
    root.handlers[:] = handlers
    root.setLevel(level)
