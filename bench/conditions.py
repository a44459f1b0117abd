"""What a run was measured on, so that two runs can be told apart; nothing that names the machine."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

FLUSHES = 200


def conditions(folder: Path) -> Mapping[str, object]:
    """Processors, versions, how busy the machine is, and how often a second its disk can be flushed."""
    return {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": round(os.getloadavg()[0], 2),
        "flushes_per_second": round(_flushes(folder)),
    }


def _flushes(folder: Path) -> float:
    with tempfile.TemporaryFile(dir=folder) as file:
        begun = time.perf_counter()
        for _ in range(FLUSHES):
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        return FLUSHES / (time.perf_counter() - begun)
