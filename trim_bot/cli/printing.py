"""Where commands print lines or one JSON document, and nothing a terminal obeys."""

from __future__ import annotations

import json
import sys
from contextvars import ContextVar

import typer

from trim_bot.domain.clean_text import printable

_told_json: ContextVar[bool] = ContextVar("told_json", default=False)


def say(line: str) -> None:
    """One line as it is, never wrapped: it may be copied."""
    typer.echo(printable_lines(line))


def say_aside(line: str) -> None:
    """One line on standard error."""
    typer.echo(printable_lines(line), err=True)


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


def ask(question: str) -> bool:
    """Ask at the terminal, beside what the command answers; anything but a yes is a no."""
    typer.echo(f"{printable_lines(question)} [y/N]: ", nl=False, err=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def ask_text(question: str) -> str:
    """Ask at the terminal, beside what the command answers, and take one line. Raises typer.Abort where none comes."""
    typer.echo(f"{printable_lines(question)}\n> ", nl=False, err=True)
    line = sys.stdin.readline()
    if not line:
        raise typer.Abort
    return line.rstrip("\n")


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun, `3 cases` or `1 case`; `many` is a plural that does not end in s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def printable_lines(text: str) -> str:
    """A text in lines, with letters in place of what a terminal would obey."""
    return "\n".join(map(printable, text.split("\n")))
