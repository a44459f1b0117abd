"""Watches the sentence of each closed week: never on track when something stood at the end of the ladder in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.simulator.facts import OPEN, Facts
from tests.simulator.findings import Finding, Rule

ON_TRACK = "on_track"


@dataclass
class Weeks:
    """Watches one town; `zone` is its site's."""

    zone: str
    _stood: dict[str, str] = field(default_factory=dict)
    """By week, what stood there."""
    _doubtful: set[str] = field(default_factory=set)
    """Weeks in which a clock was wrong or a backup came back: what stood then is not surely known."""

    def look(self, facts: Facts, shown: datetime, *, sure: bool) -> None:
        """Remember what stands at the end now; `shown` is what the machine's clock says, which `sure` tells right."""
        week = self._week(shown)
        if not sure:
            self._doubtful.add(week)
        for step in facts.steps.values():
            if step.state in OPEN and step.rung == "nobody":
                self._stood[week] = step.kind
                return

    def broken(self, said: Mapping[str, str], now: datetime) -> Iterator[Finding]:
        """Weeks that were said to be on track and were not."""
        for week, says in said.items():
            if says == ON_TRACK and week in self._stood and week not in self._doubtful:
                yield Finding(
                    Rule.WEEK, f"{week} was on track, and {self._stood[week]} stood without owner", now
                )

    def came_back(self, shown: datetime, since: datetime) -> None:
        """A backup of `since` is back: what came to the end after it may not have."""
        while since < shown + timedelta(days=7):
            self._doubtful.add(self._week(since))
            since += timedelta(days=7)

    def _week(self, at: datetime) -> str:
        year, week, _ = at.astimezone(ZoneInfo(self.zone)).date().isocalendar()
        return f"{year}-W{week:02d}"
