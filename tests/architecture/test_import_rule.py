"""Each import contract catches a breach: one is planted for every contract in a copy of the packages."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT

VENDORS = (
    "import alembic, apscheduler, babel, cryptography, jinja2, msal, phonenumbers, slack_bolt, sqlalchemy\n"
    "import prometheus_client, segno, starlette\n"
)
PLANTED = {
    "trim_bot/domain/planted.py": "import logging\nimport trim_bot.app\nimport trim_bot.domain.planted_too\n"
    + VENDORS,
    "trim_bot/domain/planted_too.py": "import trim_bot.domain.planted\n",
    "trim_bot/app/seam/planted.py": "import trim_bot.app.own\n",
    "trim_bot/planted.py": "",
    "trim_bot/storage/status_figures.py": "import trim_bot.storage.records.rows\n",
    "trim_bot/storage/records/rows.py": "",
    "integrations/planted.py": "",
}
# A verdict stays on the line of its contract.
WIDE = {**os.environ, "COLUMNS": "200"}


def broken(folder: Path) -> set[str]:
    """The names of the contracts that do not hold for the packages in a folder."""
    command = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    run = subprocess.run(
        [sys.executable, "-c", command], cwd=folder, env=WIDE, capture_output=True, text=True
    )
    assert "Contracts:" in run.stdout, run.stdout + run.stderr
    verdicts = (line for line in run.stdout.splitlines() if " BROKEN" in line)
    return {line.split(" BROKEN")[0].strip() for line in verdicts}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_contract_catches_a_breach(copy: Path) -> None:
    for path, text in PLANTED.items():
        (copy / path).write_text(f'"""Planted."""\n\n{text}')
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert broken(copy) == {contract["name"] for contract in contracts}
