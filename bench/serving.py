"""Starts the servers to be measured, each in a process and a folder of its own, and ends them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


SETTINGS = (
    "TRIM_BOT_", "SLACK_", "TEAMS_", "ENTRA_", "GRAPH_", "METRICS_",
    "PUBLIC_URL", "DATABASE_URL", "KEYSTORE_URL", "LEDGER_URL",
)  # fmt: skip


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment that says nothing about a desk."""
    return {name: value for name, value in environment.items() if not name.startswith(SETTINGS)}


@contextmanager
def serving(name: str, folder: Path) -> Iterator[Callable[[], int]]:
    """A server that runs while the block does. The function waits for it, and returns its loopback port."""
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.server", name],
        cwd=folder,
        env=without_settings(os.environ) | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )

    def port() -> int:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"the server {name} did not start"
        return int(line)

    try:
        yield port
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
