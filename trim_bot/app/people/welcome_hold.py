"""Whether the desk may write to everybody yet: from its founding until somebody says so, the welcome waits."""

from __future__ import annotations

from datetime import datetime

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.records import NoteSent

WELCOME_WAITS = "welcome_waits"
"""Under what it is kept that nobody is welcomed yet. A desk of an earlier version has no such row, and goes on."""


def hold_welcome(tx: Tx, now: datetime) -> None:
    """Let the welcome of everybody wait, from the founding at `now` (UTC) on."""
    tx.add(NoteSent(WELCOME_WAITS, now))


def welcome_waits(tx: Tx) -> bool:
    """Whether nobody is welcomed yet."""
    return tx.get(NoteSent, WELCOME_WAITS) is not None


def allow_welcome(tx: Tx) -> None:
    """From here on, whoever is met is welcomed as well."""
    tx.drop(NoteSent, WELCOME_WAITS)
