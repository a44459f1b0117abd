"""Rows as a CSV file that a spreadsheet shows and never runs: what would begin a formula is told to be text."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of something to work out, the full-width signs of some of them too."""


def table_text(rows: Iterable[Sequence[object]]) -> str:
    """The rows, one a line; numbers stand as they are, texts are made safe to open."""
    text = StringIO()
    csv.writer(text).writerows(
        [safe_cell(one) if isinstance(one, str) else one for one in row] for row in rows
    )
    return text.getvalue()


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it; spaces before do not hide it."""
    return (
        f"'{text}"
        if text.startswith(BEGINS_A_FORMULA) or text.lstrip().startswith(BEGINS_A_FORMULA)
        else text
    )
