"""Kept figures, read with a plain connection: no key, no vault and no record can be reached from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, Connection, bindparam, insert, select, update

from trim_bot.domain.figures import quarter_of, week_of
from trim_bot.domain.records import Measure, Staffing, Standing
from trim_bot.storage.figures.status_query import every_measure, staffing, standing
from trim_bot.storage.tables import counts

# Built once: building them anew cost more than running them.
_WHOSE: BindParameter[str] = bindparam("whose")
_TOTALS = select(counts.c.measure, counts.c.n).where(
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
        asked = {"whose": self._organisation, "period": period}
        return every_measure({row.measure: row.n for row in self._connection.execute(_TOTALS, asked)})

    def staffing(self, today: date) -> Staffing:
        """Who serves, with training as it stands on a day."""
        return staffing(self._connection, self._organisation, today)

    def standing(self, quarter: str, newest_weeks: tuple[str, str], today: date) -> Standing:
        """All that the status page tells, of one moment and in one round trip."""
        return standing(self._connection, self._organisation, quarter, newest_weeks, today)


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
