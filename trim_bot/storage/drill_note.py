"""When a restore was last rehearsed well, among the notes of the deployment."""

from __future__ import annotations

from datetime import datetime

from trim_bot.storage.deployment_notes import Notes
from trim_bot.storage.small_stores import utc_text

_NAME = "last_drill"


async def note_drill(notes: Notes, at: datetime) -> None:
    """Note a good one, `at` real time (aware). Raises StoreUnavailable."""
    await notes.put(_NAME, utc_text(at))


async def last_drill(notes: Notes) -> datetime | None:
    """When the last good one was, UTC; None for never. Raises StoreUnavailable."""
    held = await notes.get(_NAME)
    return datetime.fromisoformat(held) if held is not None else None
