"""The Procfile's very lines, on PostgreSQL, in a folder that is thrown away like a platform's."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.architecture.tree import ROOT
from tests.deploy.steps import step
from tests.e2e.served import free_port
from trim_bot.crypto.keyring import Keyring

LINES = dict(re.findall(r"^(\w+): (.+)$", (ROOT / "Procfile").read_text(), re.MULTILINE))
LONGEST_SECONDS = 60


@pytest.fixture
def environment(tmp_path: Path, new_postgres_database: Callable[[], str]) -> dict[str, str]:
    """What the page says to set, with nothing on a disk."""
    port = str(free_port())
    urls = [new_postgres_database().replace("postgresql+psycopg", "postgres") for _ in range(3)]
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PORT": port,
        "PUBLIC_URL": "https://peer.example.org",
        **dict(zip(("DATABASE_URL", "KEYSTORE_URL", "LEDGER_URL"), urls, strict=True)),
        "TRIM_BOT_KEYRING": "env:KEYRING",
        "KEYRING": Keyring.new().as_text(),
        "HELP_FILE": str(tmp_path / "help.json"),
        "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
        "SLACK_BOT_TOKEN": "xoxb-none",
    }


@contextmanager
def running(line: str, folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process of the platform; at the end it is asked to stop, and has to end well."""
    process = subprocess.Popen(
        ["sh", "-c", f"exec {line}"], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=LONGEST_SECONDS)
    assert process.returncode == 0, said


def get(environment: dict[str, str], path: str) -> httpx.Response:
    """An answer, waited for."""
    until = time.monotonic() + LONGEST_SECONDS
    while True:
        try:
            found = httpx.get(
                f"http://127.0.0.1:{environment['PORT']}{path}", headers={"host": "peer.example.org"}
            )
            if found.status_code != 503:
                return found
        except httpx.TransportError:
            pass
        assert time.monotonic() < until
        time.sleep(0.2)


def once(line: str, folder: Path, environment: dict[str, str]) -> None:
    """A one-off process."""
    done = subprocess.run(
        ["sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_processes_of_a_platform(tmp_path: Path, environment: dict[str, str]) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with step("procfile.md", "release"):
        once(LINES["release"], first, environment)
    once('trim-bot members grant administrator web:someone@example.org --name "Someone"', first, environment)
    with (
        step("procfile.md", "web and worker"),
        running(LINES["web"], first, environment),
        running(LINES["worker"], first, environment) as worker,
    ):
        assert get(environment, "/healthz").text == "ok\n"
        assert get(environment, "/readyz").json()["ready"] is True
        assert get(environment, "/help-now").status_code == 200
        assert worker.poll() is None
    # The next version finds nothing of the folder it ran in.
    with step("procfile.md", "the next version, on an empty disk"):
        once(LINES["release"], second, environment)
        with running(LINES["web"], second, environment):
            assert get(environment, "/readyz").json()["ready"] is True
