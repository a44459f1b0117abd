"""Watches that a conversation a month after an event moves by its own first one alone, and never by another event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulator.facts import Facts, Row
from tests.simulator.findings import Finding, Rule

TO_COME = ("planned", "open")
PUT_RIGHT = frozenset({"incident"})
"""Gestures by which the time of an event is put right, and with it all that counts from it."""


@dataclass
class Months:
    """Watches one town."""

    _talks: Mapping[str, Row] = field(default_factory=dict)

    def look(self, facts: Facts, now: datetime, acts: frozenset[str]) -> Iterator[Finding]:
        """Which were moved since the last look; `acts` are the gestures since then."""
        before, self._talks = self._talks, facts.check_ins
        if before is facts.check_ins or acts & PUT_RIGHT:
            return
        held = {
            (one.case_id, one.exposure)
            for id, one in facts.check_ins.items()
            if one.state == "held" and (id not in before or before[id].state != "held")
        }
        for id, one in facts.check_ins.items():
            was = before.get(id)
            if was is one or was is None or one.stage != "month" or one.state not in TO_COME:
                continue
            moved = was.state in TO_COME and one.due_at != was.due_at
            if moved and (one.case_id, one.exposure) not in held:
                text = f"the conversation of {was.due_at:%d %b} is due on {one.due_at:%d %b} now"
                yield Finding(Rule.FOLLOW_UP, text, now)

    def forget(self) -> None:
        """What stood before stands no more."""
        self._talks = {}
