"""The one place where commands print: short lines, rows, panels or one JSON document, and nothing a terminal obeys."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextvars import ContextVar

import typer
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from trim_bot.domain.clean_text import printable

_told_json: ContextVar[bool] = ContextVar("told_json", default=False)
WIDE = 400
"""Wide, so that nothing is ever cut where a program reads it."""


def say(line: str) -> None:
    """One line as it is, never wrapped: it may be copied."""
    typer.echo(_lines(line))


def say_aside(line: str) -> None:
    """One line on standard error."""
    typer.echo(_lines(line), err=True)


def next_step(line: str) -> None:
    """What to do next, after a blank line."""
    say(f"\nNext: {line}")


def say_json(value: object) -> None:
    """Print a value as one JSON document, for other programs."""
    _told_json.set(True)
    say(json.dumps(value, indent=2, ensure_ascii=False))


def begin_answer() -> None:
    """A command begins, and has told no document yet."""
    _told_json.set(False)


def has_told_json() -> bool:
    """Whether this command has printed its document, after which no other may follow."""
    return _told_json.get()


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


def ask(question: str) -> bool:
    """Ask at the terminal, beside what the command answers; anything but a yes is a no."""
    typer.echo(f"{_lines(question)} [y/N]: ", nl=False, err=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun, `3 cases` or `1 case`; `many` is a plural that does not end in s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


class _Printable:
    """What is drawn, with letters in place of what a terminal would obey; colours are put in afterwards."""

    def __init__(self, drawn: RenderableType) -> None:
        self._drawn = drawn

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for text, style, control in console.render(self._drawn, options):
            yield Segment(_lines(text), style, control)


def _lines(text: str) -> str:
    return "\n".join(map(printable, text.split("\n")))
