"""Notes in an organisation when something is looked at next."""

from __future__ import annotations

from datetime import datetime

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.looks import ClockLook, NextLook, next_look


def look_again(tx: Tx, look: ClockLook, now: datetime, at: datetime | None = None) -> None:
    """Look again at a time that is known, or in the time that this look has. Both in business time, UTC."""
    noted = NextLook(look.value, next_look(look, tx.organisation, now, at))
    held = tx.get(NextLook, look.value)
    if held is None:
        tx.add(noted)
    elif held != noted:
        tx.save(noted)
