"""How commands speak: short aligned lines for people, or one JSON document for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from trim_bot.cli.faults import CommandRefused

Json = Annotated[bool, typer.Option("--json", help="Answer with JSON.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first.")]
Organisation = Annotated[
    str | None,
    typer.Option("--organisation", metavar="SLUG", help="Which organisation, when there are several."),
]


def say(line: str) -> None:
    """One line as it is, never wrapped: it may be copied."""
    typer.echo(line)


def next_step(line: str) -> None:
    """What to do next, after a blank line."""
    typer.echo(f"\nNext: {line}")


def say_json(value: object) -> None:
    """Print a value as one JSON document, for other programs."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def say_rows(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of text in aligned columns."""
    table = Table.grid(padding=(0, 2))
    for _ in rows[0] if rows else ():
        table.add_column(no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    # Wide, so that nothing is ever cut where a program reads it.
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 400).print(table)


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something that cannot be undone. Raises CommandRefused unless the answer is yes."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandRefused("Nothing was changed: this asks first, or takes --yes")
    if not typer.confirm(question, default=False):
        raise CommandRefused("Nothing was changed")


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun, `3 cases` or `1 case`; `many` is a plural that does not end in s."""
    return f"{number} {one if number == 1 else many or one + 's'}"
