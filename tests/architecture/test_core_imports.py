"""The core rests on the standard library alone, and on the parts of it that cannot speak to the world."""

import ast
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, name

CORE = ("trim_bot/app", "trim_bot/domain", "workflows", "assessments", "checked_toml")
OURS = {"trim_bot", "workflows", "assessments", "checked_toml"}
WORLDLY = {
    "http",
    "logging",
    "multiprocessing",
    "os",
    "socket",
    "sqlite3",
    "subprocess",
    "urllib",
    "warnings",
}


def strangers(text: str) -> set[str]:
    """The imports of a core file that are neither ours nor a quiet part of the standard library."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"print", "__import__"}
        ):
            found.add(node.func.id)
    return {
        module
        for module in found
        if module not in OURS and (module not in sys.stdlib_module_names or module in WORLDLY)
    }


def test_the_core_imports_no_stranger() -> None:
    core = [path for folder in CORE for path in (ROOT / folder).rglob("*.py")]
    assert {name(path): found for path in core if (found := strangers(path.read_text()))} == {}


@pytest.mark.parametrize(
    "bad",
    [
        "import logging",
        "from sqlalchemy.engine import Row",
        "import slack_bolt.app",
        "print('x')",
        "def f():\n    import os",
    ],
)
def test_a_stranger_is_found(bad: str) -> None:
    assert len(strangers(f"from datetime import UTC\n{bad}\n")) == 1


def test_every_core_folder_is_there() -> None:
    assert [folder for folder in CORE if not Path(ROOT / folder).is_dir()] == []
