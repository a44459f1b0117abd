"""Puts together what watches a town beside the model: endings, pages, room, keeping, months, calls, and weeks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import Engine

from tests.simulator import facts as stands
from tests.simulator.calls import unheard
from tests.simulator.endings import Endings
from tests.simulator.facts import Facts
from tests.simulator.findings import Finding
from tests.simulator.keeping import Keeping
from tests.simulator.model import Model
from tests.simulator.months import Months
from tests.simulator.pages import Pages
from tests.simulator.people import Person
from tests.simulator.platforms import Chats
from tests.simulator.room import Room
from tests.simulator.town import Town
from tests.simulator.weeks import Weeks
from trim_bot.app.seam.views import View

PASSED = frozenset({"pass_case", "pass_request"})
CHECKED_EVERY = 20
"""The weeks are read again at one look in so many."""


class Reads(Protocol):
    """What is read of a running town."""

    def engine(self, name: str = "data") -> Engine:
        """The simulator's own way into a store."""
        ...

    def refs(self, token: str) -> Mapping[str, str]:
        """The ids that a button carries."""
        ...


class Watch:
    """Watches one town."""

    def __init__(self, town: Town, model: Model, chats: Mapping[str, Chats], reads: Reads) -> None:
        self._town, self._model, self._chats, self._reads = town, model, chats, reads
        self._pages = Pages(model.people, reads.refs, lambda: stands.exposed(reads.engine()))
        self._endings = Endings(
            model,
            town.rung,
            lambda ids: stands.ends_of(reads.engine(), ids),
            lambda: stands.asked_to_be_erased(reads.engine()),
        )
        self._room, self._months = Room(town.most), Months()
        self._keeping, self._weeks = Keeping(town.keep), Weeks(town.zone)
        self._acts: set[str] = set()
        self._looks = 0

    def acted(self, person: Person | None, what: str, refs: Mapping[str, str]) -> None:
        """Somebody pressed or sent this, with these ids."""
        self._acts.add(what)
        if what == "reopen":
            self._endings.reopened |= set(refs.values())
        if what == "safety_mistake":
            self._endings.mistaken |= set(refs.values())
        if person is not None and what in PASSED:
            self._pages.passed |= {(person.member_id, id) for id in refs.values()}

    def look(self, facts: Facts, now: datetime, shown: datetime, *, by_clock: bool) -> Iterator[Finding]:
        """All that is wrong with what stands; `shown` is the machine's clock, `by_clock` that it alone acted."""
        acts, self._acts = frozenset(self._acts), set()
        sure = now == shown
        self._pages.note(facts)
        going = frozenset(self._model.kept.wished) | self._model.kept.erased
        yield from self._room.look(facts, now, acts)
        yield from self._keeping.look(facts, shown, going)
        yield from self._months.look(facts, now, acts)
        yield from self._endings.look(facts, now, by_clock=by_clock)
        if by_clock:
            yield from unheard(facts, self._model, self._chats, now)
        self._weeks.look(facts, shown, sure=sure)
        self._looks += 1
        if self._looks % CHECKED_EVERY == 0:
            yield from self.weeks(now)

    def weeks(self, now: datetime) -> Iterator[Finding]:
        """What is wrong with the sentences of closed weeks."""
        yield from self._weeks.broken(stands.sentences(self._reads.engine()), now)

    def read(
        self, person: Person, view: View, facts: Facts, shown: datetime, *, of_message: bool
    ) -> Iterator[Finding]:
        """What is wrong with a page that somebody got, by opening a message or in another way."""
        if not self._pages.below:
            self._pages.below.update(self._town.below())
        if person.member_id in self._model.people:
            yield from self._pages.read(person, view, facts, shown, of_message=of_message)

    def came_back(self, shown: datetime, since: datetime) -> None:
        """A backup of `since` is back, so that what stood after it may not have been."""
        for one in (self._room, self._keeping, self._months, self._endings):
            one.forget()
        self._weeks.came_back(shown, since)
