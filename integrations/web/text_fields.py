"""Draws text of a kind of its own: with the keys a phone shows for it, and a list as rows of boxes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile, zip_longest
from typing import assert_never

from markupsafe import Markup

from integrations.web.template_environment import part
from trim_bot.app.seam.text_kinds import Column, TextKind
from trim_bot.app.seam.views import TextInput

EMPTY_ROWS = 3
"""How many rows are offered beyond those filled in."""
MOST_ROWS = 30
"""How many filled rows have boxes, so that a full page can still be sent; those after them stay lines."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The type of a box, and what else tells a device what belongs there."""

    html_type: str
    more: Mapping[str, str] = field(default_factory=dict)


def keys_for(holds: TextKind) -> Keys:
    """What a device is told of a line of text. Only one's own number may be offered from what it knows."""
    match holds:
        case TextKind.WORDS:
            return Keys("text")
        case TextKind.PHONE:
            return Keys("tel", {"inputmode": "tel", "autocomplete": "off"})
        case TextKind.OWN_PHONE:
            return Keys("tel", {"inputmode": "tel", "autocomplete": "tel"})
        case _:
            assert_never(holds)


@dataclass(frozen=True, slots=True)
class RowBox:
    """One box of a row."""

    label: str
    value: str
    keys: Keys
    max_length: int


def draw_rows(text: TextInput, id: str, error: str) -> Markup:
    """A list as rows of boxes, and lines for a list that is pasted; rows come first, so that their numbers stay."""
    lines = [line for line in text.value.split("\n") if line.strip()]
    filled = list(takewhile(lambda line: line.count("\t") == len(text.columns) - 1, lines[:MOST_ROWS]))
    empty = ["\t" * (len(text.columns) - 1)] * EMPTY_ROWS
    rows = [_cells(text.columns, line) for line in (*filled, *empty)]
    pasted = "\n".join(lines[len(filled) :])
    return part("fields.html", "rows", field=text, id=id, error=error, rows=rows, pasted=pasted)


def _cells(columns: tuple[Column, ...], line: str) -> list[RowBox]:
    cells = line.split("\t")
    return [
        RowBox(one.label, cell.strip(), keys_for(one.holds), one.max_length)
        for one, cell in zip(columns, cells, strict=True)
    ]


ROW_BOX = re.compile(r"row(\d) (.+)", re.ASCII | re.DOTALL)
"""How the boxes of a list are called: `row1 who` for the first cell of each row of the field `who`."""


def gather_rows(lists: dict[str, list[str]]) -> None:
    """Boxes of rows become lines of their field, cells apart by a tab, before whatever was pasted beside them."""
    boxes = [(found[2], int(found[1]), name) for name in lists if (found := ROW_BOX.fullmatch(name))]
    for field_name in dict.fromkeys(field_name for field_name, _, _ in boxes):
        columns = [lists.pop(name) for one, _, name in sorted(boxes) if one == field_name]
        rows = [
            "\t".join(" ".join(cell.split()) for cell in row) for row in zip_longest(*columns, fillvalue="")
        ]
        pasted = [text for text in lists.get(field_name, []) if text.strip()]
        lists[field_name] = ["\n".join([*(row for row in rows if row.strip()), *pasted])]
