"""The status saved as a table says what the page says, line by line, and nothing else."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from tests.builders import Town
from tests.reading import all_blocks, words_of
from trim_bot.app.oversight.status_file import HEAD, status_file
from trim_bot.app.seam.unsigned import Plain
from trim_bot.app.seam.views import Bullets, Done, Facts, FigureRow, Figures, Heading, Text

SAID: tuple[Plain, ...] = (
    Text("On track."),
    Heading("July to September 2026"),
    Figures((FigureRow("Asked", "10–14", 10, 14), FigureRow("Had a talk", "Not published", None, None))),
    Heading("Serving today"),
    Facts((("Full", "1"),)),
    Bullets(("Nobody is named as deputy.",)),
)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline="")))


def test_each_line_of_the_page_is_a_row_with_the_ends_of_its_band() -> None:
    assert rows(status_file(SAID).text) == [
        list(HEAD),
        ["", "", "On track.", "", ""],
        ["July to September 2026", "Asked", "10–14", "10", "14"],
        ["July to September 2026", "Had a talk", "Not published", "", ""],
        ["Serving today", "Full", "1", "", ""],
        ["Serving today", "", "Nobody is named as deputy.", "", ""],
    ]


@pytest.mark.anyio
async def test_the_file_has_no_word_that_the_page_has_not(town: Town) -> None:
    view = await town.say("cora", "peer", "status")
    assert isinstance(view, Done)
    [file] = view.files
    said = words_of(view)
    told = [cell for row in rows(file.text)[1:] for cell in row if cell]
    assert told and all(cell in said for cell in told)
    facts = [one for block in all_blocks(view) if isinstance(block, Facts) for one in block.rows]
    assert facts and all([name, what] in [row[1:3] for row in rows(file.text)] for name, what in facts)


@pytest.mark.anyio
async def test_whoever_keeps_nothing_gets_no_file(town: Town) -> None:
    for name in ("nurse", "priya", "lena"):
        assert not getattr(await town.say(name, "peer", "status"), "files", ())
