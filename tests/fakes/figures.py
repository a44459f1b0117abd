"""Kept figures and the chain of the fake store."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import cast

from tests.fakes.state import State
from trim_bot.app.desk.routes import MEASURES
from trim_bot.domain.journal_search import FoundRows, JournalSearch
from trim_bot.domain.people import Availability, Grant, Member, Role, Training
from trim_bot.domain.records import (
    Action,
    AnyMeasure,
    Beginning,
    JournalEntry,
    SchemeStatus,
    Served,
    Staffing,
    WeekStatus,
)

_REPEAT = timedelta(hours=1)
_SOON = timedelta(days=60)


class FakeCounts:
    """Implements the port `Counts` over a state."""

    def __init__(self, state: State) -> None:
        self._state = state

    def totals(self, period: str) -> Mapping[AnyMeasure, int]:
        return {measure: self._state.figures.get((period, measure), 0) for measure in MEASURES}

    def altered(self, period: str) -> bool:
        return False

    def staffing(self, today: date) -> Staffing:
        return self._staffing(today)

    def standing(self, newest_weeks: tuple[str, str], today: date) -> SchemeStatus:
        written = cast(list[WeekStatus], list(self._state.each(WeekStatus)))
        weeks = {week.id: week.says for week in written if week.id in newest_weeks}
        began = [one.began_on for one in cast(list[Beginning], list(self._state.each(Beginning)))]
        began_on = began[0] if began else None
        served = {
            week.id: Served(week.practitioners, week.leads)
            for week in written
            if week.id in newest_weeks and week.practitioners
        }
        return SchemeStatus(weeks, served, began_on, self._staffing(today))

    def _staffing(self, today: date) -> Staffing:
        members = {m.id: m for m in cast(list[Member], list(self._state.each(Member))) if not m.left}
        grants = [g for g in cast(list[Grant], list(self._state.each(Grant))) if g.member_id in members]
        holders = {role: {g.member_id for g in grants if g.role is role} for role in Role}
        newest: dict[str, Training] = {}
        for training in cast(list[Training], list(self._state.each(Training))):
            before = newest.get(training.member_id)
            if before is None or (training.trained_on, training.expires_on) >= (
                before.trained_on,
                before.expires_on,
            ):
                newest[training.member_id] = training
        ends = {id: newest[id].expires_on for id in holders[Role.PRACTITIONER] if id in newest}
        in_date = [members[id] for id, end in ends.items() if end >= today]
        rooms = [Availability.AWAY if member.on_leave else member.availability for member in in_date]
        return Staffing(
            in_date=len(in_date),
            with_room=rooms.count(Availability.ROOM),
            full=rooms.count(Availability.FULL),
            away=rooms.count(Availability.AWAY),
            training_ends_soon=sum(end <= today + _SOON for end in ends.values()),
            leads=len(holders[Role.LEAD]),
            deputies=len(holders[Role.DEPUTY]),
            as_of=today,
        )


class FakeJournal:
    """Implements the port `Journal` over a state: a chain of digests."""

    def __init__(self, state: State) -> None:
        self._state = state

    def write(self, actor: str, action: Action, what: str, subject: str, at: datetime) -> None:
        row = (actor, action, what, subject)
        if action in (Action.SHOWED, Action.REFUSED) and any(
            (entry.actor, entry.action, entry.what, entry.subject) == row
            and timedelta(0) <= at - entry.at < _REPEAT
            for entry in self._state.journal
        ):
            return
        chain = self._state.journal
        before = chain[-1].digest if chain else ""
        text = "\n".join((before, str(len(chain) + 1), at.isoformat(), actor, action.value, what, subject))
        digest = hashlib.sha256(text.encode()).hexdigest()
        chain.append(JournalEntry(len(chain) + 1, at, actor, action, what, subject, 1, digest))

    def search(self, wanted: JournalSearch, before: int | None, limit: int) -> FoundRows:
        rows = [one for one in reversed(self._state.journal) if before is None or one.seq < before]
        fitting = [one for one in rows if wanted.fits(one)]
        shown = tuple(fitting[:limit])
        return FoundRows(shown, shown[-1].seq if len(fitting) > limit else None)

    def about(self, subjects: Sequence[str], limit: int) -> list[JournalEntry]:
        return [entry for entry in reversed(self._state.journal) if entry.subject in subjects][:limit]
