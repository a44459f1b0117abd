"""Kept figures, read with a plain connection: no key, no vault and no record can be reached from here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

from trim_bot.domain.people import Availability, Role
from trim_bot.domain.periods import quarter_of, week_of
from trim_bot.domain.records import Measure, Staffing, WeekStatus
from trim_bot.storage.tables import STEP_UNOWNED, counts, grants, members, steps, trainings, weeks

_SOON = timedelta(days=60)

# Built once: building them anew cost more than running them.
_WHOSE: BindParameter[str] = bindparam("whose")
_TOTALS = select(counts.c.measure, counts.c.n).where(
    counts.c.organisation == _WHOSE, counts.c.period == bindparam("period")
)
_WEEK = select(weeks).where(weeks.c.organisation == _WHOSE, weeks.c.id == bindparam("week"))
_UNOWNED = (
    select(steps.c.id).where(steps.c.organisation == _WHOSE, text(STEP_UNOWNED)).limit(literal_column("1"))
)
_TRAININGS = (
    select(
        trainings.c.member_id,
        trainings.c.expires_on,
        func.row_number()
        .over(
            partition_by=trainings.c.member_id,
            order_by=(trainings.c.trained_on.desc(), trainings.c.expires_on.desc()),
        )
        .label("age"),
    )
    .where(trainings.c.organisation == _WHOSE)
    .subquery()
)
_HOLDERS = (
    select(grants.c.role, members.c.id, members.c.availability, _TRAININGS.c.expires_on.label("ends"))
    .join(members, (members.c.organisation == grants.c.organisation) & (members.c.id == grants.c.member_id))
    .join(_TRAININGS, (_TRAININGS.c.member_id == members.c.id) & (_TRAININGS.c.age == 1), isouter=True)
    .where(grants.c.organisation == _WHOSE, members.c.left.is_(False))
    .distinct()
    .subquery()
)
_SERVING = select(
    _HOLDERS.c.role, _HOLDERS.c.availability, _HOLDERS.c.ends, func.count().label("n")
).group_by(_HOLDERS.c.role, _HOLDERS.c.availability, _HOLDERS.c.ends)

_RAISE = (
    update(counts)
    .where(
        counts.c.organisation == _WHOSE,
        counts.c.period == bindparam("when"),
        counts.c.measure == bindparam("what"),
    )
    .values(n=counts.c.n + bindparam("by"))
)
_FIRST = insert(counts).values(
    organisation=_WHOSE, period=bindparam("when"), measure=bindparam("what"), n=bindparam("by")
)


class SqlCounts:
    """Implements the port `Counts` for one organisation."""

    def __init__(self, connection: Connection, organisation: str) -> None:
        self._connection = connection
        self._organisation = organisation

    def totals(self, period: str) -> Mapping[Measure, int]:
        """Every measure, 0 where nothing was counted, for `2026-Q4` or `2026-W47`."""
        kept = {row.measure: row.n for row in self._rows(_TOTALS, period=period)}
        return {measure: kept.get(measure.value, 0) for measure in Measure}

    def week(self, week: str) -> WeekStatus | None:
        """The frozen statement of an ISO week, or None."""
        for row in self._rows(_WEEK, week=week):
            return WeekStatus(row.id, row.on_track, tuple(json.loads(row.late)), row.written_at)
        return None

    def work_without_owner(self) -> bool:
        """Whether any open step has reached the end of the ladder."""
        return bool(self._rows(_UNOWNED))

    def staffing(self, today: date) -> Staffing:
        """Practitioners in date on a day (their newest training counts) and what room they say they have."""
        people: Counter[Role] = Counter()
        rooms: Counter[Availability] = Counter()
        soon = 0
        for row in self._rows(_SERVING):
            role = Role(row.role)
            people[role] += row.n
            if role is not Role.PRACTITIONER or row.ends is None:
                continue
            soon += row.n if row.ends <= today + _SOON else 0
            if row.ends >= today:
                rooms[Availability(row.availability)] += row.n
        return Staffing(
            in_date=rooms.total(),
            with_room=rooms[Availability.ROOM],
            full=rooms[Availability.FULL],
            away=rooms[Availability.AWAY],
            training_ends_soon=soon,
            leads=people[Role.LEAD],
            deputies=people[Role.DEPUTY],
            as_of=today,
        )

    def _rows(self, statement: Select[Any], **values: object) -> Sequence[Row[Any]]:
        return self._connection.execute(statement, {"whose": self._organisation, **values}).all()


@dataclass(frozen=True, slots=True)
class Tally:
    """Raises kept figures inside a transaction that is alone in writing this organisation."""

    connection: Connection
    organisation: str

    def add(self, measure: Measure, on: date, by: int) -> None:
        """Raise a figure for the week and the quarter of a day."""
        for period in (week_of(on), quarter_of(on)):
            place = {"whose": self.organisation, "when": period, "what": measure.value, "by": by}
            if self.connection.execute(_RAISE, place).rowcount == 0:
                self.connection.execute(_FIRST, place)
