"""The auditor against every small world there is: whatever it lets through, each cell keeps enough real values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import unique
from functools import cache
from itertools import chain, combinations, combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trim_bot.domain.disclosure import AnyFigure, Band, Cell, FigureRules, Span, Trail


@unique
class Seen(AnyFigure):
    CAME = "came"
    LEFT = "left"
    RIGHT = "right"
    TALKED = "talked"


FINE = (Band(0, 1), Band(2, 3), Band(4, 5), Band(6, None))
SUM_ALONE = FigureRules((Seen.CAME,), {}, {}, FINE, 2)
WITH_PARTS = FigureRules((Seen.CAME,), {}, {Seen.CAME: (Seen.LEFT, Seen.RIGHT)}, FINE, 2)
ONE_AFTER = FigureRules((Seen.CAME, Seen.TALKED), {Seen.TALKED: Seen.CAME}, {}, FINE, 2)
SHAPES = {"alone": (SUM_ALONE, 3), "parts": (WITH_PARTS, 2), "after": (ONE_AFTER, 2)}
"""Rules, and how many quarters are looked at."""
Person = frozenset[tuple[AnyFigure, int]]
"""What somebody did, by figure and quarter."""
MOST = 7
"""People in the largest world that is looked at."""


def subsets(of: Sequence[int]) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(of, size) for size in range(len(of) + 1))


@cache
def kinds_of_people(shape: str) -> tuple[Person, ...]:
    """Everybody there can be, with gaps and without."""
    rules, quarters = SHAPES[shape]
    found = []
    for came in subsets(range(1, quarters + 1)):
        if not came:
            continue
        own = frozenset((Seen.CAME, quarter) for quarter in came)
        if rules.parts:
            for marks in subsets(range(2 * len(came))):
                parts = frozenset(((Seen.LEFT, Seen.RIGHT)[mark % 2], came[mark // 2]) for mark in marks)
                if {quarter for _, quarter in parts} == set(came):
                    found.append(own | parts)
        elif rules.after:
            for talked in subsets(range(came[0], quarters + 1)):
                found.append(own | frozenset((Seen.TALKED, quarter) for quarter in talked))
        else:
            found.append(own)
    return tuple(found)


def figure_of(people: Sequence[Person], cell: Cell) -> int:
    """Everybody is counted once."""
    return sum(
        any(figure is cell.figure and cell.span.first <= at <= cell.span.last for figure, at in one)
        for one in people
    )


def closing(rules: FigureRules, quarter: int) -> list[Cell]:
    """The quarter alone, each two that end with an even one (with parts), and the last three."""
    spans = [Span(quarter, quarter)]
    if quarter % 2 == 0:
        spans.append(Span(quarter - 1, quarter))
    if quarter >= 3:
        spans.append(Span(quarter - 2, quarter))
    cells = []
    for span in spans:
        cells += [Cell(figure, span) for figure in rules.sums]
        if span.last - span.first == 1:
            cells += [Cell(part, span) for parts in rules.parts.values() for part in parts]
    return cells


def publish(shape: str, people: Sequence[Person], *, fixed: bool = False) -> Trail:
    """Quarter by quarter, as a desk would; `fixed` takes the finest band whatever follows from it."""
    rules, quarters = SHAPES[shape]
    trail = Trail(rules, 0, {}, ())
    for quarter in range(1, quarters + 1):
        cells = closing(rules, quarter)
        trail = replace(trail, last=quarter, closed=(*trail.closed, *cells))
        figures = {cell: figure_of(people, cell) for cell in cells}
        if fixed:
            bands = {cell: next(one for one in FINE if n <= one.top) for cell, n in figures.items()}
            trail = replace(trail, published={**trail.published, **bands})
        else:
            _, trail = trail.tell(figures)
    return trail


def real_values(shape: str, trail: Trail) -> dict[Cell, set[int]]:
    """The values of each cell over every world that gives the same publications; no world is without anybody."""
    found: dict[Cell, set[int]] = {cell: set() for cell in trail.closed}
    for figures in worlds(shape):
        if all(band.low <= figures[cell] <= band.top for cell, band in trail.published.items()):
            for cell, n in figures.items():
                found[cell].add(n)
    return found


@cache
def worlds(shape: str) -> list[dict[Cell, int]]:
    """The figures of every small world."""
    rules, quarters = SHAPES[shape]
    cells = [cell for quarter in range(1, quarters + 1) for cell in closing(rules, quarter)]
    kinds = kinds_of_people(shape)
    each = {kind: {cell: figure_of((kind,), cell) for cell in cells} for kind in kinds}
    return [
        {cell: sum(each[one][cell] for one in people) for cell in cells}
        for size in range(1, MOST - len(kinds) // 8)
        for people in combinations_with_replacement(kinds, size)
    ]


def in_a_row(values: set[int]) -> int:
    """The longest stretch of values that follow one another."""
    longest = run = 0
    for n in range(max(values, default=0) + 1):
        run = run + 1 if n in values else 0
        longest = max(longest, run)
    return longest


def people_in(shape: str) -> st.SearchStrategy[list[Person]]:
    return st.lists(st.sampled_from(kinds_of_people(shape)), min_size=1, max_size=5)


TOWNS = st.sampled_from(sorted(SHAPES)).flatmap(lambda shape: st.tuples(st.just(shape), people_in(shape)))


@settings(max_examples=20)
@given(TOWNS)
def test_whatever_is_let_through_every_cell_keeps_enough_real_values(town: tuple[str, list[Person]]) -> None:
    shape, people = town
    trail = publish(shape, people)
    real = real_values(shape, trail)
    for cell, (least, most) in trail.values().items():
        assert most - least + 1 >= trail.rules.least
        assert in_a_row(real[cell]) >= trail.rules.least, (cell, trail.published)
        believed = set(range(int(least), int(min(most, max(real[cell]))) + 1))
        assert believed <= real[cell], "a value that only the auditor believes in"
    for cell, band in trail.published.items():
        assert band.low <= figure_of(people, cell) <= band.top


@pytest.mark.parametrize("shape", ["alone", "parts"])
def test_fixed_bands_alone_would_give_people_away(shape: str) -> None:
    """Three and one make four: bands of two and a band of their sum leave one value each."""
    if shape == "alone":
        three, one = (frozenset({(Seen.CAME, quarter)}) for quarter in (1, 2))
    else:
        three, one = (frozenset({(Seen.CAME, 1), (part, 1)}) for part in (Seen.LEFT, Seen.RIGHT))
    people = (three, three, three, one)
    assert min(in_a_row(one) for one in real_values(shape, publish(shape, people, fixed=True)).values()) == 1
    assert min(in_a_row(one) for one in real_values(shape, publish(shape, people)).values()) >= 2


def test_neither_a_wide_band_nor_a_refusal_depends_on_the_figure() -> None:
    """Two towns with the same publications so far are told the next figure in the same bands, whatever it is."""
    before: dict[tuple[tuple[Cell, Band], ...], tuple[Band, ...]] = {}
    for people in combinations_with_replacement(kinds_of_people("alone"), 3):
        trail = publish("alone", people)
        newest = Cell(Seen.CAME, Span(1, 3))
        so_far = replace(trail, published={k: v for k, v in trail.published.items() if k != newest})
        ladder = so_far.ladder(newest)
        assert before.setdefault(tuple(so_far.published.items()), ladder) == ladder
        assert trail.published.get(newest) in (*ladder, None)
    assert len(before) > 1


def test_what_nobody_could_have_published_is_an_error() -> None:
    cells = closing(SUM_ALONE, 1)
    impossible = Trail(SUM_ALONE, 1, {cells[0]: Band(3, 2)}, tuple(cells))
    with pytest.raises(ValueError, match="nothing could have led"):
        impossible.values()
