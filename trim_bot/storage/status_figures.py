"""Kept figures and the status page's query, read with a plain connection: no key or record can be reached from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Date,
    Row,
    Table,
    Text,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal_column,
    select,
    union_all,
    update,
)

from trim_bot.app.desk.routes import MEASURES
from trim_bot.domain.figures import quarter_of, week_of
from trim_bot.domain.people import Availability, Role
from trim_bot.domain.records import AnyMeasure, SchemeStatus, Served, Staffing, WeekSays
from trim_bot.storage.tables import beginnings, counts, grants, members, trainings, weeks

_SOON = timedelta(days=60)
_WHOSE: BindParameter[str] = bindparam("whose")
# Words of our own, written into the statement: they are the same for everybody.
_NOTHING: ColumnElement[str] = literal_column("''", Text)
_ONE: ColumnElement[int] = literal_column("1")


def _part(name: str) -> ColumnElement[str]:
    return literal_column(f"'{name}'", Text).label("part")


_NEWEST_WEEKS = (weeks.c.organisation == _WHOSE) & weeks.c.id.in_((bindparam("newest"), bindparam("before")))
_WEEKS = select(
    _part("week"),
    weeks.c.id.label("name"),
    weeks.c.says.label("detail"),
    _NOTHING.label("trained"),
    _ONE.label("n"),
).where(_NEWEST_WEEKS)
_SERVED = select(_part("served"), weeks.c.id, weeks.c.practitioners, weeks.c.leads, _ONE).where(
    _NEWEST_WEEKS, weeks.c.practitioners != _NOTHING
)
_BEGAN = select(_part("began"), _NOTHING, cast(beginnings.c.began_on, Text), _NOTHING, _ONE).where(
    beginnings.c.organisation == _WHOSE
)
# Leave with a last day leaves what they declared before as it was.
_ROOM = case(
    (members.c.on_leave, literal_column(f"'{Availability.AWAY.value}'", Text)), else_=members.c.availability
)
# One look into the index for each of those who serve, however much training is kept.
_NEWEST = (
    select(trainings.c.expires_on)
    .where(trainings.c.organisation == grants.c.organisation, trainings.c.member_id == grants.c.member_id)
    .order_by(trainings.c.trained_on.desc(), trainings.c.expires_on.desc())
    .limit(_ONE)
    .correlate(grants)
    .scalar_subquery()
)
_GRANTED = (
    select(grants.c.role, members.c.id, _ROOM.label("availability"), _NEWEST.label("ends"))
    .join(members, (members.c.organisation == grants.c.organisation) & (members.c.id == grants.c.member_id))
    .where(grants.c.organisation == _WHOSE, members.c.left.is_(False))
    .distinct()
    .subquery()
)
_HOLDERS = select(
    _GRANTED.c.role,
    _GRANTED.c.availability,
    case(
        (_GRANTED.c.ends < bindparam("today", type_=Date), literal_column("'ended'", Text)),
        (_GRANTED.c.ends <= bindparam("soon", type_=Date), literal_column("'ends_soon'", Text)),
        (_GRANTED.c.ends.is_not(None), literal_column("'in_date'", Text)),
        else_=_NOTHING,
    ).label("trained"),
).subquery()
_SERVING = select(
    _part("serving"),
    _HOLDERS.c.role.label("name"),
    _HOLDERS.c.availability.label("detail"),
    _HOLDERS.c.trained,
    func.count().label("n"),
).group_by(_HOLDERS.c.role, _HOLDERS.c.availability, _HOLDERS.c.trained)

# Built once: building it anew would cost more than running it.
STANDING = union_all(_WEEKS, _SERVED, _BEGAN, _SERVING)


def read_status(
    connection: Connection, organisation: str, newest_weeks: tuple[str, str], today: date
) -> SchemeStatus:
    """Read it for one organisation; the port `Counts` tells what each argument is."""
    newest, before = newest_weeks
    asked = {
        "whose": organisation,
        "newest": newest,
        "before": before,
        "today": today,
        "soon": today + _SOON,
    }
    parts: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(STANDING, asked):
        parts.setdefault(row.part, []).append(row)
    return SchemeStatus(
        weeks={row.name: WeekSays(row.detail) for row in parts.get("week", ())},
        served={row.name: Served(row.detail, row.trained) for row in parts.get("served", ())},
        began_on=next((date.fromisoformat(row.detail) for row in parts.get("began", ())), None),
        staffing=_staffing(parts.get("serving", ()), today),
    )


def read_staffing(connection: Connection, organisation: str, today: date) -> Staffing:
    """Read who serves alone; the port `Counts` tells what each argument is."""
    asked = {"whose": organisation, "today": today, "soon": today + _SOON}
    return _staffing(connection.execute(_SERVING, asked).all(), today)


def every_measure(kept: Mapping[str, int]) -> dict[AnyMeasure, int]:
    """Every measure, 0 where nothing was counted."""
    return {measure: kept.get(measure.value, 0) for measure in MEASURES}


def _staffing(rows: Sequence[Row[Any]], today: date) -> Staffing:
    people: Counter[Role] = Counter()
    rooms: Counter[Availability] = Counter()
    ending = 0
    for row in rows:
        role = Role(row.name)
        people[role] += row.n
        if role is not Role.PRACTITIONER:
            continue
        if row.trained in ("ended", "ends_soon"):
            ending += row.n
        if row.trained in ("ends_soon", "in_date"):
            rooms[Availability(row.detail)] += row.n
    return Staffing(
        in_date=rooms.total(),
        with_room=rooms[Availability.ROOM],
        full=rooms[Availability.FULL],
        away=rooms[Availability.AWAY],
        training_ends_soon=ending,
        leads=people[Role.LEAD],
        deputies=people[Role.DEPUTY],
        as_of=today,
    )


# Built once: building them anew cost more than running them.
_PERIOD_TOTALS = select(counts.c.measure, counts.c.n).where(
    counts.c.organisation == _WHOSE, counts.c.period == bindparam("period")
)

_RAISE = (
    update(counts)
    .where(
        counts.c.organisation == _WHOSE,
        counts.c.period == bindparam("when"),
        counts.c.measure == bindparam("what"),
    )
    .values(n=counts.c.n + bindparam("by"))
    .returning(counts.c.n)
)
_FIRST = insert(counts).values(
    organisation=_WHOSE, period=bindparam("when"), measure=bindparam("what"), n=bindparam("by")
)


class SqlCounts:
    """Implements the port `Counts` for one organisation."""

    def __init__(self, connection: Connection, organisation: str) -> None:
        self._connection = connection
        self._organisation = organisation

    def totals(self, period: str) -> Mapping[AnyMeasure, int]:
        """Every measure, 0 where nothing was counted, for `2026-Q4` or `2026-W47`."""
        asked = {"whose": self._organisation, "period": period}
        return every_measure({row.measure: row.n for row in self._connection.execute(_PERIOD_TOTALS, asked)})

    def staffing(self, today: date) -> Staffing:
        """Who serves, with training as it stands on a day."""
        return read_staffing(self._connection, self._organisation, today)

    def standing(self, newest_weeks: tuple[str, str], today: date) -> SchemeStatus:
        """All that the status page tells, of one moment and in one round trip."""
        return read_status(self._connection, self._organisation, newest_weeks, today)


class BindsRows(Protocol):
    """Compares a row with what the journal says it is, and binds it as it is written now."""

    def fits(self, table: Table, row: Mapping[str, object], /) -> bool: ...
    def bind(self, table: Table, row: Mapping[str, object], /) -> None: ...


@dataclass(frozen=True, slots=True)
class Tally:
    """Raises kept figures inside a transaction that is alone in writing this organisation."""

    connection: Connection
    organisation: str
    bound: BindsRows

    def add(self, measure: AnyMeasure, on: date, by: int) -> None:
        """Raise a figure for the week and the quarter of a day. One that was changed behind our back stays so."""
        for period in (week_of(on), quarter_of(on)):
            place = {"whose": self.organisation, "when": period, "what": measure.value, "by": by}
            row = {"period": period, "measure": measure.value}
            raised = self.connection.scalar(_RAISE, place)
            if raised is None:
                self.connection.execute(_FIRST, place)
            if raised is None or self.bound.fits(counts, {**row, "n": raised - by}):
                self.bound.bind(counts, {**row, "n": by if raised is None else raised})
