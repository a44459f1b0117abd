"""Which event a talk is for, in words, where there is more than one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from trim_bot.app.words.times import spoken_event


def about(label: str, ended: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """`First conversation, about Sunday 20 December`; the label alone where there is only one event."""
    return label if ended is None else f"{label}, about {event_day(ended, zone, now)}"


def event_day(ended: datetime, zone: ZoneInfo, now: datetime) -> str:
    """The day an event ended, in a zone; with its year where it is long ago."""
    return spoken_event(ended.astimezone(zone).date(), now.astimezone(zone).date())
