"""Bands drawn as bars on one scale, once for a page with room beside them and once for a phone."""

from __future__ import annotations

from dataclasses import dataclass

from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.views import FigureRow
from trim_bot.app.words import page_words as words


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a drawing, in its own units from the left and from the top; no width where nothing is told."""

    label: str
    said: str
    label_at: tuple[int, int]
    """Where the label stands: its end beside the bar, or its beginning above it."""
    top: int
    left: int
    width: int
    small: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bands as bars on one scale, with what it says in words for whoever does not see it."""

    bars: tuple[Bar, ...]
    marks: tuple[tuple[int, int], ...]
    """Numbers on the scale and where they stand."""
    width: int
    height: int
    words: str


@dataclass(frozen=True, slots=True)
class Measures:
    """How a drawing is laid out, in its own units: where bars begin, how long they get, how far lines are apart."""

    width: int
    left: int
    longest: int
    line: int
    bar: int
    """How far below the top of its line a bar begins; from twice its height on, its label stands above."""


BESIDE = Measures(width=640, left=236, longest=300, line=32, bar=6)
ABOVE = Measures(width=350, left=8, longest=220, line=56, bar=26)
"""For a phone: as wide as its page, so that letters keep their size."""
BAR_HEIGHT = 18
_STEPS = (5, 10, 20, 50, 100, 200, 500, 1000)


def drawing(rows: tuple[FigureRow, ...], measures: Measures) -> Drawing:
    """A band from 10 to 14 reaches from 10 to 15, so that bands that follow one another touch."""
    ends = [
        (row.low, row.low + 1 if row.high is None else row.high + 1) for row in rows if row.low is not None
    ]
    most = max((end for _, end in ends), default=10)
    step = next((step for step in _STEPS if step * 6 >= most), _STEPS[-1])
    scale = -(-most // step) * step
    bars = tuple(_bar(row, number * measures.line, scale, measures) for number, row in enumerate(rows))
    marks = tuple((n, measures.left + n * measures.longest // scale) for n in range(0, scale + 1, step))
    said = "; ".join(f"{row.label}: {row.said}" for row in rows)
    height = measures.line * len(rows) + 24
    return Drawing(bars, marks, measures.width, height, f"{here(words.DRAWING)} {said}.")


def _bar(row: FigureRow, top: int, scale: int, measures: Measures) -> Bar:
    above = measures.bar >= BAR_HEIGHT
    label_at = (0, top + BAR_HEIGHT) if above else (measures.left - 8, top + 20)
    begins = measures.left
    if row.low is None:
        return Bar(row.label, here(words.NOT_TOLD), label_at, top + measures.bar, begins, 0, small=True)
    end = scale if row.high is None else row.high + 1
    left = begins + row.low * measures.longest // scale
    width = max(4, begins + end * measures.longest // scale - left)
    return Bar(row.label, row.said, label_at, top + measures.bar, left, width, small=row.low == 0)
