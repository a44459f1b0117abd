"""The status as a file: the same lines that stand on the page, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trim_bot.app.bulletins.table_file import table_text
from trim_bot.app.seam.sentences import phrase
from trim_bot.app.seam.unsigned import Plain
from trim_bot.app.seam.views import Bullets, Facts, Figures, File, Heading, Text

HEAD = (phrase("part"), phrase("what"), phrase("said"), phrase("from"), phrase("to"))


def status_file(said: Iterable[Plain]) -> File:
    """What the page says, a row each, bands with their ends."""
    return File("status.csv", "text/csv", table_text((HEAD, *_rows(said))))


def _rows(said: Iterable[Plain]) -> Iterator[tuple[str | int, ...]]:
    part = ""
    for block in said:
        match block:
            case Heading(text):
                part = text
            case Text(text):
                yield (part, "", text, "", "")
            case Facts(rows):
                for name, what in rows:
                    yield (part, name, what, "", "")
            case Bullets(items):
                for item in items:
                    yield (part, "", item, "", "")
            case Figures(rows):
                for row in rows:
                    low, high = ("" if end is None else end for end in (row.low, row.high))
                    yield (part, row.label, row.said, low, high)
            case _:
                # What leads somewhere or is filled in says nothing that could be kept.
                continue
