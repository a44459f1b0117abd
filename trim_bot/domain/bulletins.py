"""The tables of a bulletin, declared ahead; the closed periods they are told of; and what is kept for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from hashlib import sha256
from typing import NewType

from trim_bot.domain.disclosure import AnyFigure, Band, Cell, FigureRules, Span
from trim_bot.domain.policy import POLICY

QUARTERS, MONTHS = 4, 3


class Figure(AnyFigure):
    """People who did something through an account of their own, each once in a period."""

    CAME = "came"
    """Said yes to a talk, or asked for one."""
    CAME_OFFERED = "came_offered"
    """Said yes to a talk that was offered after a hard event."""
    CAME_ASKED = "came_asked"
    """Asked for support."""
    TALKED = "talked"
    """Had a talk after they had come."""
    REFERRED = "referred"
    """Took a step on to professional help after they had come."""


class PeriodKind(Enum):
    """How long a bulletin looks back. Each ends with a calendar quarter."""

    QUARTER = "quarter"
    """Three months."""
    HALF_YEAR = "half_year"
    """January to June, or July to December."""
    TWELVE_MONTHS = "twelve_months"
    """The last four quarters, whichever they are."""


LENGTH = {PeriodKind.QUARTER: 1, PeriodKind.HALF_YEAR: 2, PeriodKind.TWELVE_MONTHS: QUARTERS}
_MARK = {PeriodKind.QUARTER: "", PeriodKind.HALF_YEAR: "-half", PeriodKind.TWELVE_MONTHS: "-year"}


@dataclass(frozen=True, slots=True)
class Period:
    """A closed stretch of whole quarters; `last` is its last one, counted from the year nought."""

    kind: PeriodKind
    last: int

    @property
    def id(self) -> str:
        """Such as `2026-Q4`, `2026-Q4-half`, `2026-Q4-year`: what ends then."""
        return f"{self.last // QUARTERS}-Q{self.last % QUARTERS + 1}{_MARK[self.kind]}"

    @property
    def first(self) -> int:
        """Its first quarter."""
        return self.last - LENGTH[self.kind] + 1

    @property
    def begins(self) -> date:
        """Its first day."""
        return first_day(self.first)

    @property
    def ends(self) -> date:
        """The day after its last."""
        return first_day(self.last + 1)


def first_day(quarter: int) -> date:
    """The first day of a quarter."""
    return date(quarter // QUARTERS, quarter % QUARTERS * MONTHS + 1, 1)


def quarter_at(day: date) -> int:
    """The quarter of a day, counted from the year nought."""
    return day.year * QUARTERS + (day.month - 1) // MONTHS


def ending_with(quarter: int) -> Iterator[Period]:
    """The periods that close when a quarter does, the shortest first."""
    for kind in PeriodKind:
        if kind is not PeriodKind.HALF_YEAR or quarter % 2:
            yield Period(kind, quarter)


def around(day: date) -> Iterator[Period]:
    """Every period that a day falls into."""
    quarter = quarter_at(day)
    for last in range(quarter, quarter + QUARTERS):
        yield from (period for period in ending_with(last) if period.first <= quarter)


@dataclass(frozen=True, slots=True)
class FigureTable:
    """One table, the same in every bulletin from the first to the last."""

    name: str
    total: Figure
    parts: tuple[Figure, ...] = ()
    """Told of half-years alone, since parts of periods that overlap would tell of one another."""

    def figures(self, kind: PeriodKind) -> tuple[Figure, ...]:
        """What stands in it for a kind of period, the total first."""
        return (self.total, *self.parts) if kind is PeriodKind.HALF_YEAR else (self.total,)


TABLES = (
    FigureTable("came", Figure.CAME, (Figure.CAME_OFFERED, Figure.CAME_ASKED)),
    FigureTable("talked", Figure.TALKED),
    FigureTable("referred", Figure.REFERRED),
)


def finest_bands() -> tuple[Band, ...]:
    """`0–9`, then fives up to a hundred, wider ones above, and one without an end."""
    starts = [
        0,
        *range(POLICY.hidden_below, 100, POLICY.band_width),
        *range(100, 500, 4 * POLICY.band_width),
        *range(500, 2000, 20 * POLICY.band_width),
    ]
    ends = [start - 1 for start in starts[1:]]
    return (*(Band(low, high) for low, high in zip(starts, ends, strict=False)), Band(ends[-1] + 1, None))


FIGURE_RULES = FigureRules(
    sums=tuple(table.total for table in TABLES),
    after={Figure.TALKED: Figure.CAME, Figure.REFERRED: Figure.CAME},
    parts={table.total: table.parts for table in TABLES if table.parts},
    bands=finest_bands(),
    least=POLICY.values_left,
)


def cells_of(period: Period, before: int) -> tuple[Cell, ...]:
    """What a bulletin tells, in the order in which it is decided. Quarters count from the one after `before`.

    Of a period that began earlier only what came since is there to tell.
    """
    span = Span(max(1, period.first - before), period.last - before)
    return tuple(Cell(figure, span) for table in TABLES for figure in table.figures(period.kind))


BulletinId = NewType("BulletinId", str)
MarkId = NewType("MarkId", str)
CountingId = NewType("CountingId", str)


@dataclass(frozen=True, slots=True)
class CountedPerson:
    """That somebody was counted in a figure of a period, so that they are counted once.

    The id dies with the key of the person: then nobody can tell whom it stood for. It goes when the period is told.
    """

    id: MarkId
    cell: str
    """Period and figure, such as `2026-Q4/came`."""


@dataclass(frozen=True, slots=True)
class CountingSince:
    """The day from which people are counted here, and whether that was the desk's very first."""

    id: CountingId
    """Always `people`."""
    since: date
    whole: bool


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One bulletin as it was published: its exact bytes and their signature. Written once and never changed."""

    id: BulletinId
    """A random handle."""
    period: str
    published_at: datetime
    body: str
    """JSON; what stands in it is `trim_bot.app.bulletins.content`."""
    signature: str

    @property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of all that is kept of it: the journal bears it, so no key is needed to compare."""
        when = self.published_at.astimezone(UTC).isoformat(timespec="microseconds")
        held = (self.id, self.period, when, self.signature, self.body)
        return sha256("\n".join(held).encode()).hexdigest()


PUBLISHED = "bulletin"
"""What the journal calls a bulletin that was published; the row is about its digest."""


def newest_first(bulletins: Sequence[Bulletin]) -> list[Bulletin]:
    """The newest period first, and of those that end together the longest first."""
    return sorted(bulletins, key=lambda one: (one.period[:7], len(one.period), one.period), reverse=True)
