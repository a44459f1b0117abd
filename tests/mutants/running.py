"""Runs the tests of a room against one mutant, in a process of its own that is ended when it takes too long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path

from tests.mutants.loading import MODULE, SOURCE, STILLBORN
from tests.mutants.making import Mutant

LEAST_SECONDS = 30.0
TIMES_SLOWER = 4.0
SOONEST = 5
"""How many of a room's tests are read in first; most mutants need no more."""
_PASSED, _FAILED, _STOPPED, _BROKEN = 0, 1, 2, 3


class Fate(Enum):
    """What became of a mutant."""

    KILLED = "killed"
    """A test failed."""
    TOO_SLOW = "too slow"
    """The tests did not end in a multiple of their time, which would be noticed too."""
    STILLBORN = "stillborn"
    """It cannot be imported, so that it says nothing of the tests; it is not counted."""
    SURVIVED = "survived"
    """Every test passed."""


class TestsBroken(RuntimeError):
    """The tests of a room do not pass, or do not run, on the code as it stands."""


def run(root: Path, mutant: Mutant, seconds: float) -> Fate:
    """Its fate; `seconds` is the longest its tests may take."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        source = Path(folder) / "changed.py"
        source.write_text(mutant.source, encoding="utf-8")
        changed = {MODULE: mutant.module, SOURCE: str(source)}
        tests = mutant.room.tests
        code = _pytest(root, tests[:SOONEST], changed, seconds)
        if code == _PASSED and tests[SOONEST:]:
            code = _pytest(root, tests[SOONEST:], changed, seconds)
    if code is None:
        return Fate.TOO_SLOW
    if code == STILLBORN:
        return Fate.STILLBORN
    # Two is an error while the tests were gathered: what is built at import noticed.
    return Fate.SURVIVED if code == _PASSED else Fate.KILLED


def allowance(root: Path, tests: Sequence[str]) -> float:
    """How long the tests may take with a mutant, in seconds, from how long they take without. Raises TestsBroken."""
    began = time.monotonic()
    code = _pytest(root, tests, {}, None)
    if code != _PASSED:
        raise TestsBroken(f"{' '.join(tests)} ended with {code}")
    return max(LEAST_SECONDS, TIMES_SLOWER * (time.monotonic() - began))


def _pytest(root: Path, tests: Sequence[str], more: Mapping[str, str], seconds: float | None) -> int | None:
    """The exit code, or None when the time was up; then every process of it is ended."""
    with tempfile.TemporaryDirectory(prefix="examples-") as examples:
        # Nothing is remembered from one mutant to the next, so that a fate is the same again.
        asked = {
            "tests": list(tests), "seconds": seconds, "more": {**more, "HYPOTHESIS_STORAGE_DIRECTORY": examples},
        }  # fmt: skip
        warm = _warm(root)
        assert warm.stdin is not None
        assert warm.stdout is not None
        warm.stdin.write(json.dumps(asked) + "\n")
        warm.stdin.flush()
        answer = warm.stdout.readline()
    if not answer:
        raise TestsBroken("what runs the tests has ended")
    code: int | None = json.loads(answer)
    return code


def _warm(root: Path) -> subprocess.Popen[str]:
    """What runs the tests for this thread; it ends with us, when its input ends."""
    if not hasattr(_own, "warm"):
        _own.warm = subprocess.Popen(
            [sys.executable, "-m", "tests.mutants.warm"], cwd=root, text=True,
            env={**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": "0"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    warm: subprocess.Popen[str] = _own.warm
    return warm


_own = threading.local()
