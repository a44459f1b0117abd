"""Rows as a CSV file in its reader's language, which a spreadsheet shows and never runs: what would begin a formula is
told to be text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from trim_bot.app.seam.in_language import translated
from trim_bot.app.seam.languages import ENGLISH, Language
from trim_bot.app.seam.sentences import Sentence

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of something to work out, the full-width signs of some of them too."""


def table_text(rows: Iterable[Sequence[object]]) -> str:
    """The rows, one a line, as a sentence: each text is looked up as on a page, and made safe to open once it is said.

    Numbers stand as they are. What is not ours has to be a value or marked by `as_given`, as in a view.
    """
    held = tuple(map(tuple, rows))
    return Sentence(_written(held, ENGLISH), lambda language: _written(held, language))


def _written(rows: Iterable[Sequence[object]], language: Language) -> str:
    text = StringIO()
    csv.writer(text).writerows(
        [safe_cell(translated(one, language)) if isinstance(one, str) else one for one in row] for row in rows
    )
    return text.getvalue()


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it; spaces before do not hide it."""
    return (
        f"'{text}"
        if text.startswith(BEGINS_A_FORMULA) or text.lstrip().startswith(BEGINS_A_FORMULA)
        else text
    )
