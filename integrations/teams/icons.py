"""Draws the two icons of the app, so that no picture of anybody else's has to be kept: two overlapping circles."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import cache

TEAL = (0x0B, 0x4F, 0x52)
"""The one colour of the desk; white on it has a contrast of more than 9 to 1."""
WHITE = (0xFF, 0xFF, 0xFF)
COLOUR_SIDE = 192
OUTLINE_SIDE = 32
_FINE = 8
"""Samples to a side of a pixel, so that edges are smooth."""
_UNIT = 2 * _FINE
"""Lengths below are whole numbers of this part of a pixel: no rounding, so the same bytes on every machine."""


@dataclass(frozen=True, slots=True)
class _Circles:
    """Two rings beside one another, in pixels."""

    side: int
    """Of the square they stand in."""
    shift: int
    """From the middle of the square to the middle of each ring."""
    outer: int
    """Radius of the outer edge."""
    line: int
    """Width of the line."""


_COLOUR = _Circles(side=COLOUR_SIDE, shift=18, outer=30, line=7)
_OUTLINE = _Circles(side=OUTLINE_SIDE, shift=5, outer=9, line=2)


@cache
def colour_icon() -> bytes:
    """The icon for tiles, 192 by 192: white on teal, within the middle half that no mask cuts off."""
    return _png(COLOUR_SIDE, [[_mixed(share) for share in row] for row in _shares(_COLOUR)])


@cache
def outline_icon() -> bytes:
    """The icon for the side bar, 32 by 32: white on nothing, which Teams tints by itself."""
    whole = _FINE * _FINE
    return _png(
        OUTLINE_SIDE, [[(*WHITE, 255 * share // whole) for share in row] for row in _shares(_OUTLINE)]
    )


_Pixel = tuple[int, int, int, int]


def _mixed(share: int) -> _Pixel:
    whole = _FINE * _FINE
    red, green, blue = (
        (ground * (whole - share) + line * share) // whole for ground, line in zip(TEAL, WHITE, strict=True)
    )
    return red, green, blue, 255


def _shares(circles: _Circles) -> list[list[int]]:
    """How many samples of each pixel a line covers. One quarter is counted, and the rest is its mirror."""
    half = circles.side // 2
    quarter = [[_share(circles, x, y) for x in range(half)] for y in range(half)]
    top = [row + row[::-1] for row in quarter]
    return top + top[::-1]


def _share(circles: _Circles, x: int, y: int) -> int:
    middle = circles.side * _UNIT // 2
    across = [_UNIT * x + 2 * step + 1 - middle for step in range(_FINE)]
    down = [_UNIT * y + 2 * step + 1 - middle for step in range(_FINE)]
    return sum(_on_a_line(circles, one, other) for other in down for one in across)


def _on_a_line(circles: _Circles, across: int, down: int) -> bool:
    outer = circles.outer * _UNIT
    inner = outer - circles.line * _UNIT
    return any(
        inner * inner <= (across - middle) ** 2 + down * down <= outer * outer
        for middle in (-circles.shift * _UNIT, circles.shift * _UNIT)
    )


def _png(side: int, rows: list[list[_Pixel]]) -> bytes:
    lines = b"".join(b"\0" + bytes(part for pixel in row for part in pixel) for row in rows)
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(lines, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
