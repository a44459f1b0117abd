"""Counts what a run went through."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What happened in one town or in many."""

    towns: int = 0
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

    def add(self, other: Tally) -> None:
        """Take the counts of another in."""
        for name in (
            "towns",
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
