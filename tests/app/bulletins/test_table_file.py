"""A file that is saved from a page is shown by a spreadsheet, and never run by it."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from trim_bot.app.bulletins.table_file import table_text

RUNS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1",
    '=HYPERLINK("https://x.example")',
)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline="")))


@pytest.mark.parametrize("cell", RUNS)
def test_a_cell_that_would_run_is_shown_as_text(cell: str) -> None:
    assert read(table_text([("a", cell)])) == [["a", f"'{cell}"]]


def test_numbers_bands_and_sentences_stay_as_they_are() -> None:
    row = ("10–14", "Asked for support", "It was on track, this week.", -3, "")
    assert read(table_text([row])) == [[str(one) for one in row]]
