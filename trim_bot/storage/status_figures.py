"""Kept figures and the status page's query, read with a plain connection: no key or record can be reached from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import BindParameter, Connection, Row, Table, bindparam, insert, select, update

from trim_bot.app.desk.routes import MEASURES
from trim_bot.domain.figures import quarter_of, week_of
from trim_bot.domain.people import Availability, Role
from trim_bot.domain.records import AnyMeasure, SchemeStatus, Served, Staffing, WeekSays
from trim_bot.storage import prepared
from trim_bot.storage.standing_statements import SERVING, STANDING
from trim_bot.storage.tables import beginnings, counts, grants, members, trainings, weeks

_SOON = timedelta(days=60)
_WHOSE: BindParameter[str] = bindparam("whose")


class BindsRows(Protocol):
    """Compares a row with what the journal says it is, and binds it as it is written now."""

    def fits(self, table: Table, row: Mapping[str, object], /) -> bool: ...
    def lacks(self, table: Table, id: str, /) -> bool: ...
    def bind(self, table: Table, row: Mapping[str, object], /) -> None: ...


class StandingRows:
    """What a statement found, of which only rows count that are as they were written."""

    def __init__(self, rows: Sequence[Row[Any]], bound: BindsRows) -> None:
        self._bound = bound
        self._parts: dict[str, list[Row[Any]]] = {}
        self.altered = False
        """Whether a row that was asked for is not as it was written."""
        for row in rows:
            self._parts.setdefault(row[0], []).append(row)

    def weeks(self) -> list[Row[Any]]:
        """The sentences of closed weeks."""
        return [row for row in self._parts.get("week", ()) if self._fits(
            weeks, id=row.id, says=row.name, written_at=row.at, practitioners=row.detail, leads=row.more
        )]  # fmt: skip

    def began_on(self) -> date | None:
        """The day on which the desk began."""
        began = self._parts.get("began", ())
        return next(
            (row.since for row in began if self._fits(beginnings, id=row.id, began_on=row.since)), None
        )

    def holders(self) -> set[tuple[str, str, str]]:
        """Role, member and room of whoever has a role and has not left."""
        found: set[tuple[str, str, str]] = set()
        for _, id, role, room, member, key_id, left, *_ in map(tuple, self._parts.get("grant", ())):
            granted = self._fits(grants, id=id, member_id=member, role=role)
            if granted and self._fits(members, id=member, key_id=key_id, left=left) and not left:
                found.add((role, member, room))
        return found

    def trained_until(self) -> dict[str, date]:
        """To which day the newest training of each member lasts."""
        newest: dict[str, tuple[date, date]] = {}
        for _, id, _, _, member, _, _, since, until, _ in map(tuple, self._parts.get("training", ())):
            if self._fits(trainings, id=id, member_id=member, trained_on=since, expires_on=until):
                newest[member] = max(newest.get(member, (since, until)), (since, until))
        return {member: until for member, (_, until) in newest.items()}

    def _fits(self, table: Table, **row: object) -> bool:
        fits = self._bound.fits(table, row)
        self.altered |= not fits
        return fits


def read_status(
    connection: Connection, organisation: str, bound: BindsRows, newest_weeks: tuple[str, str], today: date
) -> SchemeStatus:
    """Read it for one organisation; the port `Counts` tells what each argument is."""
    newest, before = newest_weeks
    asked = {"whose": organisation, "newest": newest, "before": before}
    found = StandingRows(connection.execute(STANDING, asked).all(), bound)
    closed = found.weeks()
    return SchemeStatus(
        weeks={row.id: WeekSays(row.name) for row in closed},
        served={row.id: Served(row.detail, row.more) for row in closed if row.detail},
        began_on=found.began_on(),
        staffing=_staffing(found, today),
    )


def every_measure(kept: Mapping[str, int]) -> dict[AnyMeasure, int]:
    """Every measure, 0 where nothing was counted."""
    return {measure: kept.get(measure.value, 0) for measure in MEASURES}


def _staffing(found: StandingRows, today: date) -> Staffing:
    holders, until = found.holders(), found.trained_until()
    people = Counter(role for role, _, _ in holders)
    trained = [
        (room, until[one]) for role, one, room in holders if role == Role.PRACTITIONER.value and one in until
    ]
    rooms = Counter(room for room, last in trained if last >= today)
    return Staffing(
        in_date=rooms.total(),
        with_room=rooms[Availability.ROOM.value],
        full=rooms[Availability.FULL.value],
        away=rooms[Availability.AWAY.value],
        training_ends_soon=sum(last <= today + _SOON for _, last in trained),
        leads=people[Role.LEAD.value],
        deputies=people[Role.DEPUTY.value],
        as_of=today,
    )


# Built once: building them anew cost more than running them.
_PERIOD_TOTALS = select(counts.c.measure, counts.c.n).where(
    counts.c.organisation == _WHOSE, counts.c.period == bindparam("period")
)

_HELD = select(counts.c.period, counts.c.measure, counts.c.n).where(
    counts.c.organisation == _WHOSE,
    counts.c.period.in_(bindparam("periods", expanding=True)),
    counts.c.measure.in_(bindparam("measures", expanding=True)),
)
_RAISE = (
    update(counts)
    .where(
        counts.c.organisation == _WHOSE,
        counts.c.period == bindparam("when"),
        counts.c.measure == bindparam("what"),
    )
    .values(n=bindparam("now"))
)
_FIRST = insert(counts)


class SqlCounts:
    """Implements the port `Counts` for one organisation."""

    def __init__(self, connection: Connection, organisation: str, bound: BindsRows) -> None:
        """`bound` tells which rows are as they were written; no other counts."""
        self._connection = connection
        self._organisation = organisation
        self._bound = bound

    def totals(self, period: str) -> Mapping[AnyMeasure, int]:
        """Every measure, 0 where nothing was counted, for `2026-Q4` or `2026-W47`."""
        return every_measure(self._totals(period)[0])

    def staffing(self, today: date) -> Staffing:
        """Who serves, with training as it stands on a day."""
        return _staffing(self._serving(), today)

    def standing(self, newest_weeks: tuple[str, str], today: date) -> SchemeStatus:
        """All that the status page tells, of one moment and in one round trip."""
        return read_status(self._connection, self._organisation, self._bound, newest_weeks, today)

    def altered(self, period: str) -> bool:
        """Whether a figure of a period, or a row of who serves, is not as it was written, or a figure is gone."""
        kept, altered = self._totals(period)
        absent = (one.value for one in MEASURES if one.value not in kept)
        if altered or any(self._bound.lacks(counts, f"{period} {one}") for one in absent):
            return True
        serving = self._serving()
        serving.holders()
        serving.trained_until()
        return serving.altered

    def _totals(self, period: str) -> tuple[dict[str, int], bool]:
        asked = {"whose": self._organisation, "period": period}
        rows = self._connection.execute(_PERIOD_TOTALS, asked).all()
        kept = {
            row.measure: row.n
            for row in rows
            if self._bound.fits(counts, {"period": period, "measure": row.measure, "n": row.n})
        }
        return kept, len(kept) < len(rows)

    def _serving(self) -> StandingRows:
        found = self._connection.execute(SERVING, {"whose": self._organisation}).all()
        return StandingRows(found, self._bound)


@dataclass(frozen=True, slots=True)
class Tally:
    """Raises kept figures inside a transaction that is alone in writing this organisation."""

    connection: Connection
    organisation: str
    bound: BindsRows

    def add(self, raised: Mapping[tuple[AnyMeasure, date], int]) -> None:
        """Raise figures for the week and the quarter of a day, in as many statements as one.

        One that was changed behind our back stays so.
        """
        by = Counter[tuple[str, str]]()
        for (measure, on), more in raised.items():
            by.update({(period, measure.value): more for period in (week_of(on), quarter_of(on))})
        if not by:
            return
        asked = {
            "whose": self.organisation,
            "periods": sorted({period for period, _ in by}),
            "measures": sorted({measure for _, measure in by}),
        }
        held = {
            (row.period, row.measure): row.n
            for row in self.connection.execute(_HELD, asked)
            if (row.period, row.measure) in by
        }
        rows = {
            at: {"period": at[0], "measure": at[1], "n": held.get(at, 0) + more} for at, more in by.items()
        }
        if changed := [
            {"whose": self.organisation, "when": at[0], "what": at[1], "now": rows[at]["n"]} for at in held
        ]:
            prepared.change_all(self.connection, _RAISE, changed)
        if new := [{"organisation": self.organisation, **row} for at, row in rows.items() if at not in held]:
            prepared.change_all(self.connection, _FIRST, new)
        for at, row in rows.items():
            if at not in held or self.bound.fits(counts, {**row, "n": held[at]}):
                self.bound.bind(counts, row)
