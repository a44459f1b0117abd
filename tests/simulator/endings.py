"""Watches how each due step ends: in a way that what it is about allows, not while it is owed, and not too late."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulator.facts import OPEN, Facts, Row
from tests.simulator.findings import Finding, Rule
from tests.simulator.hours import spans
from tests.simulator.model import UP_THE_LADDER, Model
from tests.simulator.people import Person

DONE, DECLINED, CANCELLED, MOVED = "done", "declined", "cancelled", "moved"
ANY = frozenset({DONE, DECLINED, CANCELLED, MOVED})
NOT_BY_CLOCK = frozenset({DONE, DECLINED})
"""What only somebody can say."""
OFFERS = {
    "waiting": frozenset[str](),
    "not_now": frozenset({MOVED}),
    "accepted": frozenset({DONE, MOVED}),
    "declined": frozenset({DECLINED, MOVED}),
    "no_reply": frozenset({CANCELLED, MOVED}),
    "withdrawn": frozenset({CANCELLED, MOVED}),
}
"""How the wait for an answer may have ended, by where its offer stands; before it, it may have been put off."""
REQUESTS = {
    "waiting": frozenset[str](),
    "taken": frozenset[str](),
    "case": frozenset({DONE}),
    "closed": frozenset({DONE}),
    "withdrawn": frozenset({CANCELLED}),
}
CONTACTS = {
    "waiting": frozenset({MOVED}),
    "taken": frozenset({DONE, MOVED}),
    "case": frozenset({DONE, MOVED}),
    "closed": frozenset({DONE, CANCELLED, MOVED}),
    "withdrawn": frozenset({DONE, CANCELLED, MOVED}),
}
"""The same of getting in touch about a request, which may be given back meanwhile."""
TALKS = {
    "planned": frozenset[str](),
    "open": frozenset[str](),
    "held": frozenset({DONE, MOVED}),
    "declined": frozenset({DECLINED, MOVED}),
    "cancelled": frozenset({CANCELLED, DECLINED, MOVED}),
}
IN_CASES = {
    "assign": frozenset({DONE, MOVED}),
    "first_contact": frozenset({DONE, MOVED}),
    "after_call": frozenset({DONE, MOVED}),
    "referral": frozenset({DONE, MOVED, CANCELLED}),
    "review": frozenset({DONE, MOVED}),
    "supervision": frozenset({DONE}),
    "agreed_time": frozenset({DONE, DECLINED, MOVED, CANCELLED}),
}
"""How a step may end while its case goes on."""
MORE_STRETCHES = 2
"""How many stretches of work more than the site's days somebody may have a step that they were told of."""
GRACE = timedelta(days=1)
ANSWERED_BY = timedelta(days=8)
"""How long after an offer closes its wait may last: over a holiday to the hours of whoever it is made to."""
CALL_CLIMBS = timedelta(hours=8)


@dataclass
class Endings:
    """Watches one town. `read` tells how steps have ended, `going` which members have asked to be erased.

    `days` are the site's working days a rung.
    """

    model: Model
    days: int
    read: Callable[[Iterable[str]], Mapping[str, str]]
    going: Callable[[], Collection[str]]
    reopened: set[str] = field(default_factory=set)
    """Cases that somebody opened again since the last look: closed in between, or long before."""
    mistaken: set[str] = field(default_factory=set)
    """Cases whose call for safety somebody took back since the last look, as pressed by mistake."""
    _open: dict[str, Row] = field(default_factory=dict)
    _by_wrong_clock: dict[str, bool] = field(default_factory=dict)
    """By wait for an answer, whether its person was told of it by a clock that was wrong."""
    _told: dict[tuple[str, str | None, datetime], tuple[datetime, datetime, datetime]] = field(
        default_factory=dict
    )
    """By step, owner and begin of the wait: when they were told, when it was due then, and the latest."""

    def look(self, facts: Facts, now: datetime, *, by_clock: bool) -> Iterator[Finding]:
        """What has ended wrongly, or not at all, since the last look."""
        waits = {id: one for id, one in facts.steps.items() if one.state in OPEN}
        gone = [one for id, one in self._open.items() if id not in waits]
        self._open = waits
        if gone:
            ends = self.read(one.id for one in gone)
            for one in gone:
                yield from self._ended(one, ends.get(one.id), facts, now, by_clock=by_clock)
        self.reopened.clear()
        self.mistaken.clear()
        yield from self._unanswered(facts, waits.values(), now)
        yield from self._too_long(facts, waits.values(), now, by_clock=by_clock)

    def forget(self) -> None:
        """Something else stands there now."""
        self._open, self._told = {}, {}

    def _ended(
        self, was: Row, end: str | None, facts: Facts, now: datetime, *, by_clock: bool
    ) -> Iterator[Finding]:
        right = self._right(was, facts)
        if right is None or end in OPEN:
            return
        if end is None or (end not in right and not (end == CANCELLED and self._goes(was, facts))):
            yield Finding(Rule.ENDED, f"{was.kind} on rung {was.rung} ended as {end}", now)
        elif by_clock and end in NOT_BY_CLOCK:
            yield Finding(Rule.ENDED, f"the clock ended {was.kind} as {end}", now)

    def _right(self, was: Row, facts: Facts) -> Collection[str] | None:
        """The ends that are right by what stands; None where what it was about is gone."""
        if was.case_id is not None:
            return self._in_case(was, facts)
        if was.kind in ("offer", "contact"):
            offer = facts.offers.get(was.subject)
            return None if offer is None else OFFERS[offer.state]
        request = facts.requests.get(was.subject)
        if request is None or (request.member_id is not None and request.member_id not in facts.members):
            return None
        ends = REQUESTS if was.kind == "request" else CONTACTS
        return ends[request.state] | (ANY if self._goes_on(was) else frozenset())

    def _in_case(self, was: Row, facts: Facts) -> Collection[str] | None:
        case = facts.cases.get(was.case_id)
        if case is None:
            return None
        if was.kind == "safety":
            ends = {DONE, MOVED} if self._goes_on(was) else {DONE}
            return ends | ({CANCELLED} if case.id in self.mistaken and self._is_looked_at(case) else set())
        if case.state != "open" or case.id in self.reopened or self._goes_on(was):
            return ANY
        if was.kind == "assign":
            return IN_CASES[was.kind] if case.holder is not None else ()
        if was.kind != "check_in":
            return IN_CASES[was.kind]
        talk = facts.check_ins.get(was.subject)
        if talk is None:
            return ()
        # In nobody's hands it waits in the search for somebody.
        return TALKS[talk.state] | (frozenset({MOVED}) if case.holder is None else frozenset())

    def _goes(self, was: Row, facts: Facts) -> bool:
        """Whether it is about somebody who has asked to be erased, and whose waits end with that."""
        case = facts.cases.get(was.case_id) if was.case_id is not None else None
        found = case or facts.offers.get(was.subject) or facts.requests.get(was.subject)
        return found is not None and found.member_id in self.going()

    def _goes_on(self, was: Row) -> bool:
        """Whether another step took its place."""
        return any(one.kind == was.kind and one.subject == was.subject for one in self._open.values())

    def _is_looked_at(self, case: Row) -> bool:
        """Whether a lead is asked to look at a case once."""
        return any(one.kind == "supervision" and one.case_id == case.id for one in self._open.values())

    def _unanswered(self, facts: Facts, waits: Collection[Row], now: datetime) -> Iterator[Finding]:
        """Offers that nobody has answered: as long as they may be, they wait, and not for longer."""
        asked = {one.subject for one in waits if one.kind in ("offer", "contact")}
        for id, offer in facts.offers.items():
            unasked = offer.state == "waiting" and offer.closes_at > now and id not in asked
            if unasked and offer.member_id not in self.going():
                yield Finding(Rule.ENDED, "an offer that nobody has answered waits for nothing", now)
        for step in waits:
            answer = facts.offers.get(step.subject) if step.kind == "offer" else None
            if answer is None:
                continue
            latest = max(answer.closes_at, step.opens_at + GRACE) + ANSWERED_BY
            if self._was_wrong(step, now):
                # Made again too early, it is on their page for as long as that clock said, and no longer.
                latest = max(latest, step.due_at + GRACE)
            if now > latest and self._undisturbed(latest - GRACE, now):
                yield Finding(Rule.ENDED, f"an offer that closed on {answer.closes_at:%d %b} waits", now)

    def _was_wrong(self, step: Row, now: datetime) -> bool:
        """Whether the clock was wrong when the person of an offer was first seen to have been told of it."""
        if step.state != "told":
            return False
        wrong = any(begin <= now <= over for begin, over in self.model.wrong)
        return self._by_wrong_clock.setdefault(step.id, wrong)

    def _too_long(
        self, facts: Facts, waits: Collection[Row], now: datetime, *, by_clock: bool
    ) -> Iterator[Finding]:
        known, self._told = self._told, {}
        for step in waits:
            if step.state != "told" or step.rung not in UP_THE_LADDER:
                continue
            place = step.id, step.holder, step.opens_at
            told = known.get(place)
            if told is None or (told[1] != step.due_at and not by_clock):
                told = now, step.due_at, self._latest(step, now)
            told = self._told[place] = told[0], step.due_at, told[2]
            if now > told[2] and self._undisturbed(told[0], now) and not self._unsettled(step, told[0]):
                yield Finding(
                    Rule.ENDED, f"{step.kind} stands on rung {step.rung} since {told[0]:%d %b}", now
                )

    def _latest(self, step: Row, told: datetime) -> datetime:
        """By when an owner who was told has done it, or it has gone on."""
        begun: datetime = max(told, step.opens_at)
        if step.kind == "safety":
            return begun + CALL_CLIMBS
        person = self.model.people.get(step.holder) or Person("", (), frozenset(), "", None)
        found = [
            end
            for start, end in spans(person, self.model.site, begun, begun + timedelta(days=60))
            if start >= begun
        ]
        stretches = self.days + MORE_STRETCHES
        return (found[stretches - 1] if len(found) >= stretches else begun + timedelta(days=60)) + GRACE

    def _unsettled(self, step: Row, since: datetime) -> bool:
        person = self.model.people.get(step.holder)
        return person is None or person.says_away or person.unsettled(since)

    def _undisturbed(self, start: datetime, end: datetime) -> bool:
        return not any(
            begin < end and over > start for begin, over in (*self.model.troubled, *self.model.wrong)
        )
