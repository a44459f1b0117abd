"""Where commands print rows and panels: apart from lines, since what draws them is a library of its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from trim_bot.cli.printing import printable_lines
from trim_bot.domain.clean_text import printable

WIDE = 400
"""Wide, so that nothing is ever cut where a program reads it."""


def say_rows(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of text in aligned columns."""
    table = Table.grid(padding=(0, 2))
    for _ in rows[0] if rows else ():
        table.add_column(no_wrap=True)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    say_drawn(table, width=WIDE)


def say_drawn(drawn: RenderableType, *, width: int) -> None:
    """Print what is drawn; `width` columns wide where no terminal says its own."""
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else width).print(_Printable(drawn))


class _Printable:
    """What is drawn, with letters in place of what a terminal would obey; colours are put in afterwards."""

    def __init__(self, drawn: RenderableType) -> None:
        self._drawn = drawn

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for text, style, control in console.render(self._drawn, options):
            yield Segment(printable_lines(text), style, control)
