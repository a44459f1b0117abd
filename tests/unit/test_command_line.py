"""Every module that has commands has them on the command line, and nothing else is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import typer

import trim_bot.cli
from trim_bot.cli.app import build

FOLDER = Path(trim_bot.cli.__file__).parent


def modules_of(app: typer.Typer) -> Iterator[str]:
    """Where the commands of a command line are written."""
    for command in app.registered_commands:
        assert command.callback is not None
        yield command.callback.__module__
    for group in app.registered_groups:
        assert group.typer_instance is not None
        yield from modules_of(group.typer_instance)


def test_each_module_with_commands_is_on_the_command_line() -> None:
    has_commands = re.compile(r"typer\.(Argument|Option|Typer)\(|^def \w+\(.*as_json: Json", re.MULTILINE)
    found = {
        f"trim_bot.cli.{path.stem}"
        for path in FOLDER.glob("*.py")
        if path.stem not in ("app", "deployment", "faults") and has_commands.search(path.read_text())
    }
    assert set(modules_of(build())) == found
