"""What all that is published tells about each figure, and in which bands the next may be: the auditor, in one file,
since no part of it can be believed without the others.

It trusts nothing but worlds it can show. Its made-up people come and stay for quarters without a gap, so each figure
is a difference of two sums, and what every world agrees on is found exactly by shortest paths. A cell counts as hidden
only when such worlds give it enough values that follow one another; real people have more ways to come and go, and so
hide it no less (ADR 0059).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

INFINITE = math.inf
Ends = tuple[int, int]


class AnyFigure(Enum):
    """What a bulletin counts: people, each once in a period."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Quarters without a gap, both ends included, numbered one after another."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one closed period."""

    figure: AnyFigure
    span: Span


Places = Mapping[tuple[AnyFigure, int], int]
"""Where the sums of a figure stand: by quarter those who had come by its end, by minus the quarter those gone."""


@dataclass(frozen=True, slots=True)
class Band:
    """Whole numbers from `low` to `high`, both included; without `high` there is no end."""

    low: int
    high: int | None

    @property
    def top(self) -> float:
        """The upper end as a number."""
        return INFINITE if self.high is None else self.high


ANYTHING = Band(0, None)
"""What is known of a figure that is not published."""


@dataclass(frozen=True, slots=True)
class FigureRules:
    """How figures hang together, and how finely they may be told."""

    sums: tuple[AnyFigure, ...]
    """Figures of quarters and of whatever is made of quarters; the first is the one the rest come after."""
    after: Mapping[AnyFigure, AnyFigure]
    """Whoever is in the one by the end of a quarter is in the other by then."""
    parts: Mapping[AnyFigure, tuple[AnyFigure, ...]]
    """Parts that overlap and together make up a sum; told of spans that do not overlap one another."""
    bands: tuple[Band, ...]
    """The finest bands, from nought without a gap to one without an end."""
    least: int
    """How many values every cell has to keep."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything that was published, in the order of quarters from 1 to `last`.

    `whole` says that everybody was counted from the very first day, so that what `FigureRules.after` says is true of
    the figures and not only of people.
    """

    rules: FigureRules
    last: int
    published: Mapping[Cell, Band]
    closed: tuple[Cell, ...]
    """Every cell that has closed, published or not: each has to stay hidden."""
    whole: bool = True

    def tell(self, figures: Mapping[Cell, int]) -> tuple[dict[Cell, Band | None], Trail]:
        """The band of each figure, one after the other, None where it may not be told; and the trail once all are.

        What is published already stays as it was said.
        """
        trail, worlds = self, _Worlds.of(self)
        told: dict[Cell, Band | None] = {}
        for cell, n in figures.items():
            told[cell] = trail.published.get(cell)
            if cell in trail.published:
                continue
            band = next((band for band in trail.ladder(cell, worlds) if n <= band.top), None)
            if band is not None:
                told[cell] = band
                worlds = worlds.once_told(cell, band)
                trail = Trail(self.rules, self.last, {**trail.published, cell: band}, self.closed, self.whole)
        return told, trail

    def ladder(self, cell: Cell, worlds: _Worlds | None = None) -> tuple[Band, ...]:
        """The bands in which a cell is told, whatever its figure is; empty where it may not be told at all.

        Nothing but what is published decides, so neither a wide band nor a refusal tells anything of the figure. The
        first of the bands reaches down to the least that is possible, the last up to the most.
        """
        possible = self._possible(cell)
        worlds = worlds or _Worlds.of(self)
        rungs: list[Band] = []
        begun: int | None = None
        high: int | None = None
        for band in self.rules.bands:
            if band.top < possible[0] or band.low > possible[1]:
                continue
            begun = band.low if begun is None else begun
            high = band.high
            if worlds.hide_all(cell, Band(begun, high)):
                rungs.append(Band(begun, high))
                begun = None
        while begun is not None and rungs:
            begun = rungs.pop().low
            if worlds.hide_all(cell, Band(begun, high)):
                rungs.append(Band(begun, high))
                begun = None
        tells = len(rungs) > 1 or (len(rungs) == 1 and rungs[0].high is not None)
        return tuple(rungs) if begun is None and tells else ()

    def values(self) -> dict[Cell, tuple[float, float]]:
        """Least and most of every closed cell over the worlds of the auditor; all between are possible too.

        Raises ValueError when nothing could have led to what is published.
        """
        worlds = _Worlds.of(self)
        return {cell: worlds.values(cell) for cell in self.closed}

    def _possible(self, cell: Cell) -> tuple[float, float]:
        """Bounds that hold for any people, with or without gaps: nothing outside of them can happen."""
        whole = next((one for one, parts in self.rules.parts.items() if cell.figure in parts), None)
        if whole is None:
            return self._possible_sum(cell.figure, cell.span)
        low, high = self._possible_sum(whole, cell.span)
        others = (other for other in self.rules.parts[whole] if other is not cell.figure)
        return max(0, low - sum(self._top(Cell(other, cell.span)) for other in others)), high

    def _possible_sum(self, figure: AnyFigure, span: Span) -> tuple[float, float]:
        high = self._cover(figure, span)
        outer = self.rules.after.get(figure)
        if outer is not None and self.whole:
            high = min(high, self._cover(outer, Span(1, span.last)))
        low = 0.0
        for told, band in self.published.items():
            if told.figure is figure:
                before = self._cover(figure, Span(told.span.first, min(span.first - 1, told.span.last)))
                behind = self._cover(figure, Span(max(span.last + 1, told.span.first), told.span.last))
                low = max(low, band.low - before - behind)
        return low, high

    def _cover(self, figure: AnyFigure, span: Span) -> float:
        """The most that a span can hold: the least sum of upper ends over published spans that cover it."""
        best = {span.first - 1: 0.0}
        for quarter in range(span.first, span.last + 1):
            best[quarter] = min(
                (
                    band.top + best[max(cell.span.first - 1, span.first - 1)]
                    for cell, band in self.published.items()
                    if cell.figure is figure and cell.span.first <= quarter <= cell.span.last
                ),
                default=INFINITE,
            )
        return best[max(span.last, span.first - 1)]

    def _top(self, cell: Cell) -> float:
        band = self.published.get(cell)
        return INFINITE if band is None else band.top


class _Worlds:
    """Every world of people who stay without a gap that fits what is published.

    Of each figure there are two rising sums, how many had come by the end of a quarter and how many had gone for good.
    A span holds those who had come by its end and had not gone before it. Each thing that is published is then a bound
    on a difference, and `apart[u][v]` is how far `v` can be above `u` at most.
    """

    def __init__(self, trail: Trail, apart: list[list[float]], places: Places) -> None:
        self._trail = trail
        self._rules = trail.rules
        self._told = trail.published
        self._apart = apart
        self._places = places
        self._whole = {part: whole for whole, parts in trail.rules.parts.items() for part in parts}
        self._sums = [self._ends_of(cell) for cell in trail.closed if cell.figure not in self._whole]
        self._parts = [cell for cell in trail.closed if cell.figure in self._whole]

    @classmethod
    def of(cls, trail: Trail) -> _Worlds:
        """Raises ValueError when there is no such world."""
        places: dict[tuple[AnyFigure, int], int] = {}
        for figure in trail.rules.sums:
            for quarter in range(1, trail.last + 1):
                places[figure, quarter] = len(places) + 1
                places[figure, -quarter] = len(places) + 1
        size = len(places) + 1
        apart = [[0.0 if u == v else INFINITE for v in range(size)] for u in range(size)]
        for u, v, most in _bounds(trail, places):
            apart[u][v] = min(apart[u][v], most)
        for middle in range(size):
            onward = apart[middle]
            for row in range(size):
                reach = apart[row][middle]
                if reach < INFINITE:
                    apart[row] = [min(one, reach + two) for one, two in zip(apart[row], onward, strict=True)]
        if any(apart[node][node] < 0 for node in range(size)):
            raise ValueError("nothing could have led to what is published")
        return cls(trail, apart, places)

    def values(self, cell: Cell) -> tuple[float, float]:
        """Least and most of a cell."""
        if cell.figure not in self._whole:
            gone, come = self._ends_of(cell)
            return -self._apart[come][gone], self._apart[gone][come]
        return self._of_part(cell, self.values(Cell(self._whole[cell.figure], cell.span)), self._told)

    def once_told(self, cell: Cell, band: Band) -> _Worlds:
        """The worlds that are left once a cell is told."""
        told, between, bound = self._telling(cell, band)
        apart = self._apart
        size = range(len(apart))
        narrowed = [
            [0.0 if u == v else self._narrowed((u, v), between, bound)[1] for v in size] for u in size
        ]
        return _Worlds(replace(self._trail, published=told), narrowed, self._places)

    def _telling(self, cell: Cell, band: Band) -> tuple[Mapping[Cell, Band], Ends, Band]:
        """What is published then, and the bound on a difference that comes of it."""
        told = {**self._told, cell: band}
        if cell.figure in self._whole:
            cell = Cell(self._whole[cell.figure], cell.span)
            band = _of_parts(self._rules, cell, told)
        return told, self._ends_of(cell), band

    def hide_all(self, cell: Cell, band: Band) -> bool:
        """Whether such worlds are left, and every closed cell keeps enough values, if this one were told so."""
        told, between, bound = self._telling(cell, band)
        gone, come = between
        if bound.low > self._apart[gone][come] or bound.top < -self._apart[come][gone]:
            return False
        enough = self._rules.least - 1
        for ends in self._sums:
            low, high = self._narrowed(ends, between, bound)
            if high - low < enough:
                return False
        for part in self._parts:
            whole = self._ends_of(Cell(self._whole[part.figure], part.span))
            low, high = self._of_part(part, self._narrowed(whole, between, bound), told)
            if high - low < enough:
                return False
        return True

    def _narrowed(self, ends: Ends, between: Ends, bound: Band) -> tuple[float, float]:
        """Least and most of one difference once another one is bound: no shortest path takes more than one bound."""
        apart, (u, v), (gone, come) = self._apart, ends, between
        low, high = bound.low, bound.top
        most = min(apart[u][v], apart[u][come] - low + apart[gone][v], apart[u][gone] + high + apart[come][v])
        back = min(apart[v][u], apart[v][come] - low + apart[gone][u], apart[v][gone] + high + apart[come][u])
        return -back, most

    def _of_part(
        self, cell: Cell, whole: tuple[float, float], told: Mapping[Cell, Band]
    ) -> tuple[float, float]:
        """A part is no more than the whole, and at least what the others leave over of it."""
        band = told.get(cell, ANYTHING)
        others = (part for part in self._rules.parts[self._whole[cell.figure]] if part is not cell.figure)
        left = whole[0] - sum(told.get(Cell(other, cell.span), ANYTHING).top for other in others)
        return max(band.low, left), min(band.top, whole[1])

    def _ends_of(self, cell: Cell) -> Ends:
        """Where those who had gone before a span, and those who had come by its end, are counted."""
        return _ends(self._places, cell)


def _ends(places: Places, cell: Cell) -> Ends:
    gone = places[cell.figure, 1 - cell.span.first] if cell.span.first > 1 else 0
    return gone, places[cell.figure, cell.span.last]


def _bounds(trail: Trail, places: Places) -> Iterator[tuple[int, int, float]]:
    """Each bound as `u`, `v` and how far `v` can be above `u` at most; place 0 stands for nought."""
    for figure in trail.rules.sums:
        for quarter in range(1, trail.last + 1):
            come, gone = places[figure, quarter], places[figure, -quarter]
            yield come, places[figure, quarter - 1] if quarter > 1 else 0, 0
            yield gone, places[figure, 1 - quarter] if quarter > 1 else 0, 0
            yield come, gone, 0
            outer = trail.rules.after.get(figure)
            if outer is not None:
                yield places[outer, quarter], come, 0
    if trail.last:
        # A week that was not on track says that somebody had come: no world is without anybody, whatever weeks say.
        yield places[trail.rules.sums[0], 1], 0, -1
    for cell, band in _on_sums(trail):
        gone, come = _ends(places, cell)
        yield come, gone, -band.low
        if band.high is not None:
            yield gone, come, band.high


def _on_sums(trail: Trail) -> Iterable[tuple[Cell, Band]]:
    """What is published of sums, and what is known of them by their parts."""
    parts = {part for parts in trail.rules.parts.values() for part in parts}
    split = {cell.span for cell in trail.published if cell.figure in parts}
    for cell, band in trail.published.items():
        if cell.figure not in parts:
            yield cell, band
    for whole in trail.rules.parts:
        for span in split:
            cell = Cell(whole, span)
            yield cell, _of_parts(trail.rules, cell, trail.published)


def _of_parts(rules: FigureRules, cell: Cell, told: Mapping[Cell, Band]) -> Band:
    """What the parts tell of their sum: as much as the largest, and no more than all together."""
    bands = [told.get(Cell(part, cell.span), ANYTHING) for part in rules.parts[cell.figure]]
    tops = [band.high for band in bands if band.high is not None]
    return Band(max(band.low for band in bands), sum(tops) if len(tops) == len(bands) else None)
