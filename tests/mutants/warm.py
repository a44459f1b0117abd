"""Waits with the libraries read in, and runs tests in a child each time, since reading them in takes longest.

It reads one line of JSON for each run (the tests, and what to set in the environment) and answers with the exit code,
or with null when the time was up.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Sequence

import pytest

PLUGINS = ("anyio.pytest_plugin", "_hypothesis_pytestplugin")
LIBRARIES = (
    "anyio._backends._asyncio", "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.kdf.hkdf", "holidays", "hypothesis.strategies", "phonenumbers", "psycopg",
    "sqlalchemy",
)  # fmt: skip
"""None of ours: those are read in by the child, with the one change."""
LOOKS_A_SECOND = 50


def serve() -> None:
    """Answer until the input ends."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for library in LIBRARIES:
        importlib.import_module(library)
    plugins = [importlib.import_module(plugin) for plugin in PLUGINS]
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(asked, plugins)
        print(json.dumps(_code(child, asked["seconds"])), flush=True)


def _run(asked: dict[str, object], plugins: Sequence[object]) -> None:
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(nothing, handle)
    more, tests = asked["more"], asked["tests"]
    assert isinstance(more, dict)
    assert isinstance(tests, list)
    os.environ.update(more)
    code = 4
    try:
        code = int(
            pytest.main(
                [
                    "-x", "-q", "-p", "tests.mutants.loading", "-p", "no:cacheprovider", "--no-header",
                    "--no-summary", "--hypothesis-seed=0", *tests,
                ],
                plugins=plugins,
            )
        )  # fmt: skip
    finally:
        os._exit(code)


def _code(child: int, seconds: float | None) -> int | None:
    ends = None if seconds is None else time.monotonic() + seconds
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if ends is not None and time.monotonic() > ends:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(1 / LOOKS_A_SECOND)


if __name__ == "__main__":
    serve()
