"""Judges every message a platform took: in its receiver's hours, and only once for a moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulator.facts import OPEN, Facts
from tests.simulator.findings import Finding, Rule
from tests.simulator.hours import Span, at_work
from tests.simulator.model import Model
from tests.simulator.people import Person
from tests.simulator.platforms import Accepted
from tests.simulator.world_time import BEGIN

AGAIN_WITHIN = timedelta(minutes=40)
"""A message that nothing new explains, this soon after another, is the same one a second time."""
A_MOMENT = timedelta(minutes=2)
"""Messages so close together were planned for one moment, however slow their platform."""
LATELY = timedelta(days=1)
FIRST_DAYS = timedelta(days=4)
"""When everybody is welcomed, which is a message of its own."""
AGREED = timedelta(days=8)


@dataclass
class Judge:
    """Remembers the last message of each person."""

    last: dict[str, Accepted] = field(default_factory=dict)
    welcomed: dict[str, datetime] = field(default_factory=dict)
    """When the first message reached somebody, which is their welcome."""
    noted_at: datetime | None = None
    """When a note to everybody was last asked for."""
    doubled_in_window: int = 0

    def judge(
        self, one: Accepted, member_id: str, model: Model, looks: Sequence[Facts], wrong: list[Span]
    ) -> Iterator[Finding]:
        """What is wrong with a message; `wrong` are the times at which the machine's clock was wrong.

        `looks` are what stood after it and before it: what a message was about may be erased right after it.
        """
        before, self.last[member_id] = self.last.get(member_id), one
        was = self.welcomed.get(member_id)
        welcomes = (row for facts in looks for row in facts.outgoing.values() if row.kind == "welcome")
        if any(row.member_id == member_id for row in welcomes):
            # A call may come before somebody's first hours do, and so before their welcome.
            self.welcomed[member_id] = one.at
        self.welcomed.setdefault(member_id, one.at)
        person = model.people.get(member_id)
        if person is None or any(start <= one.at <= end for start, end in wrong):
            return
        urgent = any(self._urgent(member_id, facts, one.at) for facts in looks)
        if not urgent and not at_work(person, model.site, one.at):
            yield Finding(Rule.HOURS, f"{person.name} got a message", one.at)
        if before is None or urgent or before.at in (was, self.welcomed[member_id]):
            return
        if one.at - before.at >= AGAIN_WITHIN:
            return
        if one.at - before.at < A_MOMENT and not before.yes_was_lost:
            # Whatever is new, what waits for somebody at a moment is one message.
            yield Finding(Rule.DOUBLED, f"{person.name} got two messages for one moment", one.at)
            return
        if any(self._is_new(member_id, facts, one.at) for facts in looks):
            return
        if self._took_over(member_id, model, looks, before.at):
            return
        if before.yes_was_lost:
            self.doubled_in_window += 1
            before.yes_was_lost = False
        else:
            yield Finding(Rule.DOUBLED, f"{person.name} got two messages", one.at)

    def came_back(self, since: datetime) -> None:
        """A backup of `since` is back: nothing in it says that what was sent after it was, so that comes once more."""
        for one in self.last.values():
            one.yes_was_lost |= one.at >= since

    def _is_new(self, member_id: str, facts: Facts, at: datetime) -> bool:
        """Whether something new explains a second message: an offer, a first contact, a welcome, a note to all."""
        if at < BEGIN + FIRST_DAYS or (self.noted_at is not None and at < self.noted_at + FIRST_DAYS):
            return True
        return any(
            step.holder == member_id
            and step.kind in ("offer", "first_contact")
            and step.opens_at > at - LATELY
            for step in facts.steps.values()
        )

    def _took_over(self, member_id: str, model: Model, looks: Sequence[Facts], since: datetime) -> bool:
        """Whether a first contact climbed to them since their last message: promised for sooner than the next one."""
        return any(
            step.kind == "first_contact"
            and step.holder == member_id
            and (owned := model.kept.owned.get((step.id, member_id))) is not None
            and owned.since >= since
            for facts in looks
            for step in facts.steps.values()
        )

    def _urgent(self, member_id: str, facts: Facts, at: datetime) -> bool:
        """Whether something gives leave to write out of hours: a safety call, or a time they agreed themselves."""
        for one in facts.steps.values():
            recent = at - timedelta(days=2) < one.opens_at <= at
            if one.kind == "safety" and (recent or (one.state in OPEN and one.opens_at <= at)):
                return True
        for one in facts.check_ins.values():
            if one.agreed_at is None or not at - AGREED < one.agreed_at < at + AGREED:
                continue
            case = facts.cases.get(one.case_id)
            if case is not None and member_id in (case.holder, case.cover, case.member_id):
                return True
        return False


def lost_with_process(
    accepted: Sequence[Accepted], facts: Facts, people: Sequence[Person], now: datetime
) -> None:
    """A process ended: what a platform took and is still queued may come once more, at whatever point that was."""
    queued = {row.member_id for row in facts.outgoing.values() if row.due_at <= now}
    for one in accepted:
        if any(one.address in who.addresses and who.member_id in queued for who in people):
            one.yes_was_lost = True
