"""A fault that is planted in a copy of the source is found by the test that is named for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tests.architecture.tree import ROOT
from tests.planted.in_the_source import PLANTED, Planted

LEFT_BEHIND = ignore_patterns(".*", "__pycache__", "pictures", "node_modules")
LONGEST_SECONDS = 600
FAILED = 1
"""What pytest ends with where a test failed; anything else says nothing of a fault. That each passes without one is
seen by every run of all tests."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project once more, to be changed."""
    folder = tmp_path_factory.mktemp("planted") / "project"
    copytree(ROOT, folder, ignore=LEFT_BEHIND)
    return folder


@contextmanager
def _planted(copy: Path, fault: Planted) -> Iterator[None]:
    path = copy / fault.file
    whole = path.read_text(encoding="utf-8")
    assert whole.count(fault.was) == 1, f"it stands {whole.count(fault.was)} times in {fault.file}"
    path.write_text(whole.replace(fault.was, fault.becomes), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(whole, encoding="utf-8")


def _ran(copy: Path, test: str) -> tuple[int, str]:
    """What the test ended with, and what was said."""
    here = {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test]
    told = subprocess.run(
        command, cwd=copy, env=os.environ | here, capture_output=True, text=True, timeout=LONGEST_SECONDS
    )
    return told.returncode, told.stdout[-2_000:] + told.stderr[-500:]


@pytest.mark.parametrize("name", PLANTED)
def test_a_fault_in_the_source_is_found_by_its_test(copy: Path, name: str) -> None:
    fault = PLANTED[name]
    with _planted(copy, fault):
        code, said = _ran(copy, fault.found_by)
    assert code == FAILED, said
