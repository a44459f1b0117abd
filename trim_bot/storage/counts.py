"""Kept figures, read with a plain connection: no key, no vault and no record can be reached from here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, insert, select, text, update

from trim_bot.domain.people import Availability, Role
from trim_bot.domain.periods import quarter_of, week_of
from trim_bot.domain.records import Measure, Staffing, WeekStatus
from trim_bot.storage.tables import STEP_UNOWNED, counts, grants, members, steps, trainings, weeks

_SOON = timedelta(days=60)


class SqlCounts:
    """Implements the port `Counts` for one organisation."""

    def __init__(self, connection: Connection, organisation: str) -> None:
        self._connection = connection
        self._organisation = organisation

    def totals(self, period: str) -> Mapping[Measure, int]:
        """Every measure, 0 where nothing was counted, for `2026-Q4` or `2026-W47`."""
        query = select(counts.c.measure, counts.c.n).where(
            counts.c.organisation == self._organisation, counts.c.period == period
        )
        kept = {row.measure: row.n for row in self._connection.execute(query)}
        return {measure: kept.get(measure.value, 0) for measure in Measure}

    def week(self, week: str) -> WeekStatus | None:
        """The frozen statement of an ISO week, or None."""
        query = select(weeks).where(weeks.c.organisation == self._organisation, weeks.c.id == week)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return WeekStatus(row.id, row.on_track, tuple(json.loads(row.late)), row.written_at)

    def work_without_owner(self) -> bool:
        """Whether any open step has reached the end of the ladder."""
        query = select(steps.c.id).where(steps.c.organisation == self._organisation, text(STEP_UNOWNED))
        return self._connection.scalar(query.limit(1)) is not None

    def staffing(self, today: date) -> Staffing:
        """Practitioners in date on a day (their newest training counts) and what room they say they have."""
        held = self._holders()
        practitioners = held.get(Role.PRACTITIONER.value, {})
        ends = {id: end for id, end in self._training_ends().items() if id in practitioners}
        rooms = [practitioners[id] for id, end in ends.items() if end >= today]
        return Staffing(
            in_date=len(rooms),
            with_room=rooms.count(Availability.ROOM.value),
            full=rooms.count(Availability.FULL.value),
            away=rooms.count(Availability.AWAY.value),
            training_ends_soon=sum(end <= today + _SOON for end in ends.values()),
            leads=len(held.get(Role.LEAD.value, {})),
            deputies=len(held.get(Role.DEPUTY.value, {})),
            as_of=today,
        )

    def _holders(self) -> dict[str, dict[str, str]]:
        query = (
            select(grants.c.role, members.c.id, members.c.availability)
            .join(
                members,
                (members.c.organisation == grants.c.organisation) & (members.c.id == grants.c.member_id),
            )
            .where(grants.c.organisation == self._organisation, members.c.left.is_(False))
        )
        held: dict[str, dict[str, str]] = {}
        for row in self._connection.execute(query):
            held.setdefault(row.role, {})[row.id] = row.availability
        return held

    def _training_ends(self) -> dict[str, date]:
        query = (
            select(trainings.c.member_id, trainings.c.expires_on)
            .where(trainings.c.organisation == self._organisation)
            .order_by(trainings.c.trained_on, trainings.c.expires_on)
        )
        return {row.member_id: row.expires_on for row in self._connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Tally:
    """Raises kept figures inside a transaction that is alone in writing this organisation."""

    connection: Connection
    organisation: str

    def add(self, measure: Measure, on: date, by: int) -> None:
        """Raise a figure for the week and the quarter of a day."""
        for period in (week_of(on), quarter_of(on)):
            place = {"organisation": self.organisation, "period": period, "measure": measure.value}
            raised = self.connection.execute(
                update(counts)
                .where(*(counts.c[name] == value for name, value in place.items()))
                .values(n=counts.c.n + by)
            )
            if raised.rowcount == 0:
                self.connection.execute(insert(counts), {**place, "n": by})
