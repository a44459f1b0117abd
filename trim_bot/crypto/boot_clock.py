"""Time since this machine was started, which nobody can move; suspension is included where the system tells it."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def since_boot() -> timedelta:
    """How long ago this machine was started."""
    return timedelta(seconds=time.clock_gettime(_CLOCK))


def this_boot() -> str:
    """What tells this start of this machine from any other; empty where the system does not say."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""
