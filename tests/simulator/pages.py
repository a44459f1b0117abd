"""Reads the pages that somebody gets: all they hold stands there, late work first, and nothing that is others'."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulator.facts import OPEN, Facts, Row
from tests.simulator.findings import Finding, Rule
from tests.simulator.people import Person
from trim_bot.app.seam.views import Answer, Button, Done, Form, View
from trim_bot.domain.people import Role

Refs = Callable[[str], Mapping[str, str]]
LISTS = ("waiting", "due")
HOLDERS = frozenset({"after_call", "check_in", "first_contact", "referral", "review", "request", "safety"})
"""What stays with whoever holds the case or the request, wherever the ladder has taken it."""
TAKE, LEAD = frozenset({Role.PRACTITIONER}), frozenset({Role.LEAD, Role.DEPUTY})


@dataclass
class Pages:
    """Reads the pages of one town. `refs` tells which ids a button carries, `exposed` who was part of an event."""

    people: Mapping[str, Person]
    refs: Refs
    exposed: Callable[[], Set[tuple[str, str]]]
    below: dict[str, frozenset[str]] = field(default_factory=dict)
    """By member, whom they manage."""
    passed: set[tuple[str, str]] = field(default_factory=set)
    """By member, the case or request that they have passed on as not for them."""
    had: set[tuple[str, str]] = field(default_factory=set)
    """By member, whose case was in their hands: only those may since have said that they do not want them."""

    def read(
        self, person: Person, view: View, facts: Facts, now: datetime, *, of_message: bool
    ) -> Iterator[Finding]:
        """What is wrong with what somebody sees, by opening a message or in another way."""
        if isinstance(view, Form | Done) and view.name in LISTS:
            yield from self._listed(person, view, facts, now)
        elif isinstance(view, Form | Done) and view.name == "team" and person.roles & LEAD:
            yield from self._board(person, view, facts, now)
        elif of_message:
            places = {self._place(one, facts) for one in self._owed(person, facts, now)}
            if len(places) > 1 and not (isinstance(view, Done) and view.answer is not Answer.OK):
                name = getattr(view, "name", type(view).__name__)
                yield Finding(
                    Rule.SHOWN, f"of {len(places)} places {person.name} is led to “{name}” alone", now
                )

    def _listed(self, person: Person, view: Form | Done, facts: Facts, now: datetime) -> Iterator[Finding]:
        owed = {one.id: one for one in self._owed(person, facts, now)}
        buttons = self._buttons(view)
        shown = [refs["step"] for action, refs in buttons if action == "open" and refs.get("step")]
        events = {refs["incident"] for action, refs in buttons if action == "call_sheet"}
        events |= {self._place(facts.steps[id], facts) for id in shown if id in facts.steps}
        for step in owed.values():
            there = self._place(step, facts) in events if step.kind == "contact" else step.id in shown
            if not there:
                yield Finding(Rule.SHOWN, f"{view.name} of {person.name} leaves out {step.kind}", now)
        for id in shown:
            if id not in owed and not self._may_see(person, facts.steps.get(id), facts):
                yield Finding(Rule.SHOWN, f"{view.name} of {person.name} shows what is another's", now)
        ranks = [
            (step.kind != "safety", not self._is_late(person, step, now, facts))
            for step in (facts.steps[id] for id in shown if id in owed)
            if step.kind != "contact"
        ]
        if ranks != sorted(ranks):
            yield Finding(Rule.SHOWN, f"{view.name} of {person.name} is out of order", now)

    def _board(self, person: Person, view: Form | Done, facts: Facts, now: datetime) -> Iterator[Finding]:
        buttons = self._buttons(view)
        cases = [refs["case"] for action, refs in buttons if action == "assign"]
        there = {ref for _, refs in buttons for ref in refs.values()}
        for step in self._at_the_end(person, facts):
            if not there & {step.id, step.case_id, step.subject, self._place(step, facts)}:
                yield Finding(Rule.SHOWN, f"the board of {person.name} leaves out {step.kind}", now)
        for id in cases:
            if self._too_near(person, facts.cases[id].member_id):
                yield Finding(Rule.SHOWN, f"the board of {person.name} shows whom they manage", now)
        calls = {one.case_id for one in facts.steps.values() if one.kind == "safety" and one.state in OPEN}
        ranks = [id not in calls for id in cases]
        if ranks != sorted(ranks):
            yield Finding(Rule.SHOWN, f"the board of {person.name} has danger below other things", now)

    def _owed(self, person: Person, facts: Facts, now: datetime) -> Iterator[Row]:
        """What must stand on somebody's page."""
        lost = {one.id for one in self._at_the_end(person, facts)}
        for step in facts.steps.values():
            if step.state not in OPEN:
                continue
            come = step.opens_at <= now
            own = step.holder == person.member_id and (come or step.state == "told")
            held = come and step.rung != "person" and self._holds(person, step, facts)
            about = self._about(step, facts)
            if step.id in lost or ((own or held) and (about is None or not self._manages(person, about))):
                if step.kind == "contact" and (not come or self._was_there(person, step, facts)):
                    continue
                yield step

    def _at_the_end(self, person: Person, facts: Facts) -> list[Row]:
        """For leads, what nobody owns, but for what is about them or whom they manage."""
        if not person.roles & LEAD:
            return []
        return [
            step
            for step in facts.steps.values()
            if step.state in OPEN
            and step.rung == "nobody"
            and not self._too_near(person, self._about(step, facts))
            and not self._may_be_refused(person, step, facts)
            and not (step.kind == "contact" and self._was_there(person, step, facts))
        ]

    def _may_be_refused(self, person: Person, step: Row, facts: Facts) -> bool:
        """Whether they have passed it on, or may be somebody whom the person does not want, which is sealed."""
        me, about = person.member_id, self._about(step, facts)
        # Who passed on a request of somebody has said so of that person, whatever case it has come into.
        theirs = {(me, id) for id, one in facts.requests.items() if about and one.member_id == about}
        if self.passed & {(me, step.subject), (me, step.case_id), *theirs} or (me, about) in self.had:
            return True
        return any(one.member_id == about and one.proposed == me for one in facts.offers.values())

    def note(self, facts: Facts) -> None:
        """Remember who has held whose case."""
        self.had |= {(one.holder, one.member_id) for one in facts.cases.values() if one.holder is not None}

    def _may_see(self, person: Person, step: Row | None, facts: Facts) -> bool:
        """Whether a step may stand on somebody's page although they need not do it."""
        if step is None or step.state not in OPEN:
            return False
        about = self._about(step, facts)
        if step.rung == "pool":
            return bool(person.roles & TAKE) and not self._too_near(person, about)
        if step.rung == "nobody":
            return bool(person.roles & LEAD) and not self._too_near(person, about)
        return step.holder == person.member_id or self._holds(person, step, facts)

    def _holds(self, person: Person, step: Row, facts: Facts) -> bool:
        case = facts.cases.get(step.case_id) if step.case_id is not None else None
        request = facts.requests.get(step.subject)
        mine = (case is not None and case.state == "open" and case.holder == person.member_id) or (
            request is not None and request.state == "taken" and request.taken_by == person.member_id
        )
        return mine and step.kind in HOLDERS and (step.kind != "safety" or step.rung == "nobody")

    def _is_late(self, person: Person, step: Row, now: datetime, facts: Facts) -> bool:
        """Whether it should have happened by now."""
        if not (step.holder == person.member_id or self._holds(person, step, facts)):
            return False
        if step.holder != person.member_id or (step.promised_at is not None and step.promised_at < now):
            return True
        talk = facts.check_ins.get(step.subject) if step.kind == "check_in" else None
        return (step.state == "told" and step.due_at <= now) or (talk is not None and talk.closes_at < now)

    def _too_near(self, person: Person, about: str | None) -> bool:
        return about is not None and (about == person.member_id or self._manages(person, about))

    def _manages(self, person: Person, about: str) -> bool:
        return about in self.below.get(person.member_id, frozenset())

    def _was_there(self, person: Person, step: Row, facts: Facts) -> bool:
        """Whether they were part of the event themselves, or the person to be told is themselves or too near."""
        near = self._too_near(person, self._about(step, facts))
        return near or (self._place(step, facts), person.member_id) in self.exposed()

    def _about(self, step: Row, facts: Facts) -> str | None:
        """The member a step is about."""
        case = facts.cases.get(step.case_id) if step.case_id is not None else None
        found = case or facts.offers.get(step.subject) or facts.requests.get(step.subject)
        return None if found is None else found.member_id

    def _place(self, step: Row, facts: Facts) -> str:
        """Where a step is done: in its case, its event, its request, or on one's own page."""
        if step.kind == "agreed_time":
            return "me"
        if step.kind == "contact":
            offer = facts.offers.get(step.subject)
            return str(offer.incident_id if offer is not None else step.subject)
        return str(step.case_id or step.subject)

    def _buttons(self, view: Form | Done) -> list[tuple[str, Mapping[str, str]]]:
        return [(one.action, self.refs(one.token)) for one in view.blocks if isinstance(one, Button)]
