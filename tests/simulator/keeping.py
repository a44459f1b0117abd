"""Watches that what has ended is kept as long as the site says from its end on, and an answer until it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulator.facts import Facts, Row
from tests.simulator.findings import Finding, Rule

UNREAD = timedelta(days=180)
"""How long an answer lives that nobody reads."""


@dataclass
class Keeping:
    """Watches one town; `days` is how long its site keeps what has ended."""

    days: int
    _requests: Mapping[str, Row] = field(default_factory=dict)

    def look(self, facts: Facts, now: datetime, going: frozenset[str]) -> Iterator[Finding]:
        """Which requests went too early; `going` are members who asked to be erased."""
        before, self._requests = self._requests, facts.requests
        if before is facts.requests:
            return
        for id, was in before.items():
            whose = was.member_id
            erased = whose is not None and (whose in going or whose not in facts.members)
            if id not in facts.requests and not erased and now < self._until(was, now):
                yield Finding(Rule.KEPT, f"a request that was {was.state} went too early", now)

    def forget(self) -> None:
        """What stood before stands no more."""
        self._requests = {}

    def _until(self, was: Row, now: datetime) -> datetime:
        """Until when a request is kept at least, as far as it was known when it was looked at last."""
        days = timedelta(days=self.days)
        ended: datetime | None = was.ended_at
        if ended is None:
            return now + days
        if was.answered_at is None:
            return ended + days
        read: datetime = was.read_at + days if was.read_at is not None else was.answered_at + UNREAD
        return max(ended + days, read)
