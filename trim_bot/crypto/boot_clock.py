"""Time since this machine was started, which nobody can move; suspension is included where the system tells it."""

from __future__ import annotations

import time
from datetime import timedelta

_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def since_boot() -> timedelta:
    """How long ago this machine was started."""
    return timedelta(seconds=time.clock_gettime(_CLOCK))
