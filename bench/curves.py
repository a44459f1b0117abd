"""Draws how things grow as small SVG pictures: sizes from left to right and costs upwards, both by powers of ten."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from xml.sax.saxutils import escape

from bench.report import Curve, figure

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 340, 56, 250, 28, 36
COLOURS = ("#1f6f8b", "#b3541e", "#4f772d", "#7b2d8b", "#555555", "#a4133c", "#005f73", "#8a6d00")
FONT = 'font-family="sans-serif" font-size="11" fill="#333333"'


def svg(title: str, curves: Sequence[Curve]) -> str:
    """One picture of several curves in the same unit, each named at its end."""
    points = [point for curve in curves for point in curve.points]
    across = _powers([x for x, _ in points])
    up = _powers([y for _, y in points])

    def place(x: float, y: float) -> tuple[float, float]:
        wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return (
            LEFT + wide * (math.log10(x) - across[0]) / (across[-1] - across[0]),
            TOP + high * (1 - (math.log10(y) - up[0]) / (up[-1] - up[0])),
        )

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="16" {FONT} font-weight="bold">{escape(title)}</text>',
    ]
    for power in across:
        x, _ = place(10**power, 10 ** up[0])
        lines += _line(x, TOP, x, HEIGHT - BOTTOM)
        lines.append(
            f'<text x="{x:.0f}" y="{HEIGHT - 18}" {FONT} text-anchor="middle">{10**power:,.0f}</text>'
        )
    for power in up:
        _, y = place(10 ** across[0], 10**power)
        lines += _line(LEFT, y, WIDTH - RIGHT, y)
        lines.append(f'<text x="{LEFT - 6}" y="{y + 4:.0f}" {FONT} text-anchor="end">{10**power:g}</text>')
    lines.append(
        f'<text x="{LEFT}" y="{HEIGHT - 4}" {FONT}>{escape(f"{curves[0].up}, by {curves[0].across}")}</text>'
    )
    lines += _drawn(curves, place)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _powers(values: Sequence[float]) -> list[int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return list(range(low, max(high, low + 1) + 1))


def _line(x: float, y: float, to_x: float, to_y: float) -> Iterator[str]:
    yield f'<line x1="{x:.0f}" y1="{y:.0f}" x2="{to_x:.0f}" y2="{to_y:.0f}" stroke="#dddddd"/>'


def _drawn(curves: Sequence[Curve], place: Callable[[float, float], tuple[float, float]]) -> Iterator[str]:
    # Names stand one under the other in the order of where their curves end, so that none covers another.
    ends = sorted(range(len(curves)), key=lambda n: -curves[n].points[-1][1])
    for row, n in enumerate(ends):
        curve, colour = curves[n], COLOURS[n % len(COLOURS)]
        placed = [place(*point) for point in sorted(curve.points)]
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in placed)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colour}"/>' for x, y in placed)
        last = figure(sorted(curve.points)[-1][1])
        y = TOP + 14 + row * 17
        yield f'<rect x="{WIDTH - RIGHT + 12}" y="{y - 9}" width="10" height="10" fill="{colour}"/>'
        yield f'<text x="{WIDTH - RIGHT + 28}" y="{y}" {FONT}>{escape(f"{curve.name}: {last}")}</text>'
