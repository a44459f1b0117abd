"""Watches that nobody comes to hold more than the site allows, but by what a lead gives them on purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulator.facts import Facts
from tests.simulator.findings import Finding, Rule

ON_PURPOSE = frozenset({"assign", "reopen"})
"""Gestures that may go beyond it: a lead's, who was asked, and the opening again of what one had closed."""


@dataclass
class Room:
    """Watches one town; `most` is how many its site allows."""

    most: int
    _held: Counter[str] = field(default_factory=Counter)

    def look(self, facts: Facts, now: datetime, acts: frozenset[str]) -> Iterator[Finding]:
        """Who holds too much now; `acts` are the gestures since the last look."""
        talks = [one for one in facts.cases.values() if one.state == "open" and one.holder]
        held = Counter(one.holder for one in talks)
        # Somebody who asks again reaches whoever holds their talks, and is nobody new to them.
        known = {(one.holder, one.member_id) for one in talks}
        taken = (one for one in facts.requests.values() if one.state == "taken" and one.taken_by)
        held.update(one.taken_by for one in taken if (one.taken_by, one.member_id) not in known)
        before, self._held = self._held, held
        if acts & ON_PURPOSE:
            return
        for id, count in held.items():
            if count > max(self.most, before[id]):
                yield Finding(Rule.ROOM, f"somebody holds {count}", now)

    def forget(self) -> None:
        """What stood before stands no more."""
        self._held.clear()
