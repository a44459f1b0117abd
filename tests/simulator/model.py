"""The small model: what must be so of a town at every moment, said without the product's own code."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulator.facts import OPEN, Facts, Row
from tests.simulator.findings import Finding, Rule
from tests.simulator.hours import Span, spans
from tests.simulator.people import Person

OVERDUE = timedelta(days=1)
"""How long a step may be due without the clock having looked at it."""
FAR = timedelta(days=45)
"""How far ahead the next look at something that waits for somebody may lie."""
LATEST = timedelta(days=30)
"""The days that are stated for being erased, whatever went wrong meanwhile."""
STILL_OPEN = ("planned", "open")
UP_THE_LADDER = ("assigned", "cover", "lead", "deputy")


@dataclass
class Owned:
    """Somebody owns a step since a moment, and was told of it or not yet."""

    since: datetime
    told: bool = False


@dataclass
class Kept:
    """What the town was promised and may not lose; a backup takes a copy of it."""

    head: tuple[int, str] = (0, "")
    """The newest link of the journal when a gesture was last answered."""
    taken_back: dict[tuple[str, str, str], object] = field(default_factory=dict)
    """By table, id and column: what somebody put there for good."""
    erased: set[str] = field(default_factory=set)
    """Members who are gone for good."""
    wished: dict[str, datetime] = field(default_factory=dict)
    """Members who asked to be erased and are still there, and when they asked."""
    owned: dict[tuple[str, str], Owned] = field(default_factory=dict)
    """By step and holder."""

    def copy(self) -> Kept:
        """A copy that nothing later changes."""
        return deepcopy(self)

    def restored(self, backup: Kept) -> Kept:
        """What is so after a restore: as it was then, but what was taken back since stays so."""
        again = backup.copy()
        again.taken_back.update(self.taken_back)
        again.erased |= self.erased
        wished = backup.wished | self.wished
        again.wished = {id: at for id, at in wished.items() if id not in again.erased}
        return again


@dataclass
class Model:
    """Watches one town. `site` is its zone, country and region, `days` are its working days a rung."""

    site: tuple[str, str, str]
    people: dict[str, Person]
    """By member id."""
    kept: Kept = field(default_factory=Kept)
    troubled: list[Span] = field(default_factory=list)
    """When something was wrong, so that nobody could be told, with the time to get over it."""
    halted: list[Span] = field(default_factory=list)
    """The part of it in which nothing went out at all, whatever the platform."""
    wrong: list[Span] = field(default_factory=list)
    """When the machine's clock was wrong."""
    days: int = 2

    def look(self, facts: Facts, now: datetime, *, settled: bool) -> Iterator[Finding]:
        """Everything that is wrong now. `settled` says that the clock has just done all that is due."""
        yield from self._owners(facts, now)
        yield from self._taken_back(facts, now)
        if settled:
            yield from self._silent(facts, now)
            yield from self._not_told(facts, now)

    def _owners(self, facts: Facts, now: datetime) -> Iterator[Finding]:
        waiting = [one for one in facts.steps.values() if one.state in OPEN]
        by_case: dict[str, list[Row]] = {}
        for step in waiting:
            by_case.setdefault(step.case_id or "", []).append(step)
            if step.holder is None and step.rung not in ("pool", "nobody"):
                yield Finding(Rule.OWNER, f"step {step.kind} on rung {step.rung} has no holder", now)
        subjects = {one.subject for one in waiting}
        for case in facts.cases.values():
            own = by_case.get(case.id, [])
            if case.state != "open":
                if any(one.kind != "safety" for one in own):
                    yield Finding(Rule.OWNER, "a closed case still waits", now)
                continue
            if not own:
                yield Finding(Rule.OWNER, "an open case waits for nothing", now)
            if case.holder is None and not any(one.kind == "assign" for one in own):
                yield Finding(Rule.OWNER, "nobody holds a case and nobody is looked for", now)
        for one in facts.check_ins.values():
            of = facts.cases.get(one.case_id)
            held = of is not None and of.state == "open" and of.holder
            if held and one.state in STILL_OPEN and one.id not in subjects:
                yield Finding(Rule.OWNER, f"a {one.stage} conversation waits for nobody", now)
        for request in facts.requests.values():
            if request.state in ("waiting", "taken") and request.id not in subjects:
                yield Finding(Rule.OWNER, "a request waits for nobody", now)

    def _silent(self, facts: Facts, now: datetime) -> Iterator[Finding]:
        for step in facts.steps.values():
            if step.state not in OPEN:
                continue
            if step.due_at < now - OVERDUE:
                yield Finding(Rule.SILENT, f"{step.kind} is due since {step.due_at:%d %b %H:%M}", now)
            far = step.due_at > max(now, step.opens_at) + FAR
            if far and step.rung != "person" and step.state == "told":
                yield Finding(Rule.SILENT, f"{step.kind} is looked at only on {step.due_at:%d %b}", now)
        for one in facts.outgoing.values():
            if one.state == "queued" and one.due_at < now - OVERDUE and self._calm(now - OVERDUE, now):
                yield Finding(Rule.SILENT, f"a message waits since {one.due_at:%d %b %H:%M}", now)

    def _taken_back(self, facts: Facts, now: datetime) -> Iterator[Finding]:
        for (table, id, column), value in self.kept.taken_back.items():
            row = getattr(facts, table).get(id)
            if row is not None and getattr(row, column) != value:
                yield Finding(
                    Rule.TAKEN_BACK, f"{table} {column} is {getattr(row, column)}, was {value}", now
                )
        # A wish is carried out a little later, and a process may end before that: who is gone may not come back, and
        # nobody stays who asked a day ago.
        for id, asked_at in list(self.kept.wished.items()):
            if id not in facts.members:
                self.kept.erased.add(id)
                del self.kept.wished[id]
            elif asked_at < now - LATEST or (asked_at < now - OVERDUE and self._calm(now - OVERDUE, now)):
                yield Finding(Rule.ERASED, f"member {id} is still there", now)
        for id in self.kept.erased & set(facts.members):
            yield Finding(Rule.ERASED, f"member {id} is there again", now)
        left = (
            (*facts.cases.values(), *facts.offers.values(), *facts.requests.values())
            if self.kept.erased
            else ()
        )
        for row in left:
            if row.member_id in self.kept.erased:
                yield Finding(Rule.ERASED, f"something of member {row.member_id} is left", now)

    def follow(self, facts: Facts, since: datetime, now: datetime, *, by_clock: bool) -> list[Finding]:
        """Note who owns what; new owners own it from `since` on. `by_clock`: only the clock changed anything.

        A talk with an agreed time belongs to its holder before it opens: they are told by the last message before it.
        """
        self._note_who_is_away(facts, now)
        current: dict[tuple[str, str], Owned] = {}
        found: list[Finding] = []
        for step in facts.steps.values():
            mine = step.rung in UP_THE_LADDER or self._is_first_offer(facts, step)
            if step.state not in OPEN or step.holder is None or not mine:
                continue
            if step.opens_at > now and not self._is_agreed(facts, step):
                continue
            place = step.id, step.holder
            current[place] = self.kept.owned.get(place) or Owned(since)
        for (id, holder), owned in self.kept.owned.items() if by_clock else ():
            left = facts.steps.get(id)
            if left is None or left.state not in OPEN or left.holder == holder or owned.told:
                continue
            begun = max(owned.since, left.opens_at)
            if left.kind == "offer" or self._took_it(facts, left, holder):
                continue
            if self._comes_too_late(facts, left, holder, since):
                continue
            if self._was_there(facts, holder, begun, now):
                text = f"{left.kind} left {self._name(holder)}, who was not told"
                found.append(Finding(Rule.PASSED_OVER, text, now))
        self.kept.owned = current
        return found

    def _note_who_is_away(self, facts: Facts, now: datetime) -> None:
        """Whoever says that they are away, or are back, is told nothing for sure until a while after."""
        for id, member in facts.members.items():
            person = self.people.get(id)
            if person is None:
                continue
            if (member.availability == "away") is not person.says_away:
                person.says_away, person.changed_at = not person.says_away, now
            if bool(member.messages_stopped) is not person.stopped:
                # What came while they wanted no messages waits on their page, and is not sent later.
                person.stopped, person.changed_at = not person.stopped, now

    def _took_it(self, facts: Facts, step: Row, holder: str) -> bool:
        """Whether a step is a request that its holder took by a gesture of their own, and so knew of.

        No message need have reached them: with their chat away for days it goes on to the lead, who is to know of it.
        """
        request = facts.requests.get(step.subject) if step.kind == "request" else None
        return request is not None and request.state == "taken" and request.taken_by == holder

    def _comes_too_late(self, facts: Facts, step: Row, holder: str, now: datetime) -> bool:
        """Whether they have days off until what was promised, or the window of a talk, is over or nearly.

        They hear of it up to two hours into a day's work.
        """
        person = self.people.get(holder)
        if person is None or step.kind not in ("first_contact", "check_in", "request", "contact"):
            return False
        talk = facts.check_ins.get(step.subject)
        until = talk.closes_at if step.kind == "check_in" and talk else None
        until = step.promised_at if step.kind == "first_contact" else until
        at_once = step.kind == "first_contact"
        # Where no time is set, or it has gone by, the site's days for a rung are the limit.
        end = max(until or now, now + timedelta(days=1 if at_once else min(self.days, 2)))
        # Of all but a first contact they hear with the message of another day.
        ahead = [one for one in spans(person, self.site, now, end) if at_once or one[0] > now]
        worked = sum((min(stop, end) - max(start, now) for start, stop in ahead), timedelta())
        return worked < timedelta(hours=3 if at_once else 6)

    def _is_agreed(self, facts: Facts, step: Row) -> bool:
        """Whether a step is about a talk whose time both have agreed."""
        talk = facts.check_ins.get(step.subject) if step.kind == "check_in" else None
        return talk is not None and talk.agreed_at is not None

    def _is_first_offer(self, facts: Facts, step: Row) -> bool:
        """Whether a step is an offer that is made by message; one made again waits on its person's page."""
        offer = facts.offers.get(step.subject) if step.kind == "offer" else None
        return offer is not None and not offer.offered_again

    def _not_told(self, facts: Facts, now: datetime) -> Iterator[Finding]:
        for (id, holder), owned in self.kept.owned.items():
            begun = max(owned.since, facts.steps[id].opens_at)
            if not owned.told and self._could_be_told(facts, holder, begun, now):
                yield Finding(Rule.NOT_TOLD, f"{facts.steps[id].kind} of {self._name(holder)}", now)

    def reached(self, facts: Facts, member_id: str, at: datetime) -> None:
        """A message reached somebody: they know of everything that waited for them then.

        Of a talk that opens later, only if the desk took this message for the last one before it.
        """
        for (id, holder), owned in self.kept.owned.items():
            if holder != member_id or owned.since > at:
                continue
            step = facts.steps.get(id)
            owned.told |= step is None or step.opens_at <= at or step.state == "told"

    def _was_there(self, facts: Facts, member_id: str, since: datetime, now: datetime) -> bool:
        """Whether they served and were not on leave, so that a step had no reason to leave them."""
        person, member = self.people.get(member_id), facts.members.get(member_id)
        if person is None or member is None or member.left or member.messages_stopped or person.left:
            return False
        if (
            not any(one.member_id == member_id for one in facts.grants.values())
            or person.says_away
            or person.unsettled(since)
        ):
            return False
        jumped = any(begin < now and over > since for begin, over in self.wrong)
        return now - since > timedelta(hours=1) and not jumped

    def _could_be_told(self, facts: Facts, member_id: str, since: datetime, now: datetime) -> bool:
        """Whether they were at work for a whole untroubled stretch since then, and may be written to."""
        person, member = self.people.get(member_id), facts.members.get(member_id)
        if person is None or member is None or member.left or member.messages_stopped or person.left:
            return False
        if person.says_away or person.unsettled(since):
            return False
        return any(
            start >= since and end <= now and self._calm(start, end)
            for start, end in spans(person, self.site, since, now)
        )

    def _calm(self, start: datetime, end: datetime) -> bool:
        return not any(begin < end and over > start for begin, over in self.troubled)

    def _name(self, member_id: str) -> str:
        person = self.people.get(member_id)
        return person.name if person is not None else member_id
