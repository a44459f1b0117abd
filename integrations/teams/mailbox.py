"""Reads zone and working hours out of somebody's mailbox settings, which may hold anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time

from trim_bot.domain.working_hours import DayHours, WorkingHours
from trim_bot.domain.zones import UnknownZone

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What a mailbox tells of when its owner works."""

    zone: str = ""
    """IANA name; empty if it tells none that is known."""
    hours: WorkingHours | None = None


def read_mailbox(settings: Mapping[str, object], iana_zone: Callable[[str], str]) -> Mailbox:
    """Zone and hours; what cannot be read is left out. `iana_zone` knows Windows names too."""
    zone = _zone(settings.get("timeZone"), iana_zone)
    told = settings.get("workingHours")
    if not isinstance(told, dict):
        return Mailbox(zone)
    named = told.get("timeZone")
    own = _zone(named.get("name"), iana_zone) if isinstance(named, dict) else ""
    return Mailbox(zone or own, _hours(told, own or zone))


def _zone(name: object, iana_zone: Callable[[str], str]) -> str:
    return iana_zone(name) if isinstance(name, str) and len(name) <= 100 else ""


def _hours(told: Mapping[str, object], zone: str) -> WorkingHours | None:
    days, start, end = told.get("daysOfWeek"), _time(told.get("startTime")), _time(told.get("endTime"))
    if not zone or start is None or end is None or not isinstance(days, list):
        return None
    worked = {day.lower() for day in days if isinstance(day, str)}
    span: DayHours = ((start, end),)
    week = tuple(span if day in worked else () for day in DAYS)
    if not any(week):
        return None
    try:
        return WorkingHours(zone, week)
    except (UnknownZone, ValueError):
        return None


def _time(text: object) -> time | None:
    """The clock time in `08:00:00.0000000`, to the minute."""
    if not isinstance(text, str):
        return None
    try:
        found = time.fromisoformat(text[:5])
    except ValueError:
        return None
    return found if found.tzinfo is None else None
