"""The settings that change what is written, or what of it the owner of a chat sees; each is measured by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any


def _nothing() -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to run the desk."""

    key: str
    said: str
    """In words, for the table."""
    site: Mapping[str, Any] = field(default_factory=_nothing)
    """What the site sets otherwise than it comes."""
    staff: Mapping[str, Any] = field(default_factory=_nothing)
    """What everybody who does not serve chose in their profile."""
    note: bool = True
    """Whether the coordinator sends the monthly note."""
    presses: bool = False
    """Whether the platform logs every press of *Open*, for the owner to read."""


DEFAULT = Setting("default", "As it comes")
SETTINGS = (
    DEFAULT,
    Setting(
        "changes",
        "Everybody chose “Write to me when something changes for me”",
        staff={"told_of_changes": True},
    ),
    Setting("three_days", "`steady_days`: Monday, Wednesday and Friday", site={"steady_days": (0, 2, 4)}),
    Setting("one_day", "`steady_days`: Monday", site={"steady_days": (0,)}),
    Setting("afternoon", "`steady_at`: 14:00", site={"steady_at": time(14)}),
    Setting("two_days_to_ring", "`contact_working_days`: 2", site={"contact_working_days": 2}),
    Setting("no_note", "No monthly note is sent", note=False),
    Setting("presses", "A platform that logs every press of *Open*", presses=True),
)
