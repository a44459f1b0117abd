"""Which version is installed is said anywhere, with no environment at all."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.architecture.tree import ROOT
from trim_bot.cli.app import build

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_it_is_said_without_an_environment(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "trim_bot", "--version"],
        env={},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"trim-bot {VERSION}\n", "")


def test_where_nothing_is_installed_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_name: str) -> str:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr("trim_bot.cli.version.version", none)
    said = CliRunner().invoke(build(), ["--version"])
    assert (said.exit_code, "not installed" in said.output) == (0, True)
