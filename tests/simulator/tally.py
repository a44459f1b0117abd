"""Counts what a run went through."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass
class Tally:
    """What happened in one town or in many."""

    towns: int = 0
    ended_early: int = 0
    """Towns that had no time left to live on, so that what they were to go through is not known."""
    due: int = 0
    gestures: int = 0
    messages: int = 0
    years: float = 0.0
    checks: int = 0
    in_window: int = 0
    """Messages whose yes was lost with the process: each may come once more."""
    doubled_in_window: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    """Faults that were caused, by kind."""
    found: Counter[str] = field(default_factory=Counter)
    """Broken promises, by rule."""

    def plain(self) -> dict[str, Any]:
        """All of it in plain dictionaries, which `asdict` makes of no Counter."""
        both = {"counted": dict(self.counted), "found": dict(self.found)}
        return {one.name: getattr(self, one.name) for one in fields(self)} | both

    def with_more(self, other: Tally) -> Tally:
        """These counts and those of another."""
        both = Tally()
        both.add(self)
        both.add(other)
        return both

    def add(self, other: Tally) -> None:
        """Take the counts of another in."""
        for name in (
            "towns",
            "ended_early",
            "due",
            "gestures",
            "messages",
            "years",
            "checks",
            "in_window",
            "doubled_in_window",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.counted.update(other.counted)
        self.found.update(other.found)
