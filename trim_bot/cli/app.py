"""Puts every command into the one command line, in the order of the help text."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Annotated

import typer

from trim_bot.cli.faults import ReportingGroup
from trim_bot.cli.printing import say
from trim_bot.cli.version import version_line


@dataclass(frozen=True, slots=True)
class CommandPlace:
    """Where one command is, or a group of them."""

    name: str
    """What is typed."""
    module: str
    """Its file in this folder."""
    of: str
    """What it is called there."""
    group: bool = False


# In the order of the help text.
PLACES = (
    CommandPlace("demo", "demo", "demo"),
    CommandPlace("quickstart", "quickstart", "quickstart"),
    CommandPlace("serve", "serve", "serve"),
    CommandPlace("worker", "serve", "worker"),
    CommandPlace("greet", "greet", "greet"),
    CommandPlace("migrate", "database", "migrate_database"),
    CommandPlace("database", "database_roles", "database", group=True),
    CommandPlace("backup", "database", "backup"),
    CommandPlace("restore", "restoring", "restore"),
    CommandPlace("drill", "drill", "drill"),
    CommandPlace("ledger", "ledger", "ledger", group=True),
    CommandPlace("doctor", "inspection", "doctor"),
    CommandPlace("alerts", "alerts", "alerts", group=True),
    CommandPlace("describe", "describing", "tell"),
    CommandPlace("keys", "keys", "keys", group=True),
    CommandPlace("members", "members", "members", group=True),
    CommandPlace("organisations", "organisations", "organisations", group=True),
    CommandPlace("site", "site", "site", group=True),
    CommandPlace("definitions", "definitions", "definitions", group=True),
    CommandPlace("erase", "records", "erase"),
    CommandPlace("export", "records", "export"),
    CommandPlace("retention", "records", "retention", group=True),
    CommandPlace("journal", "journal", "journal", group=True),
    CommandPlace("breach", "breach", "breach", group=True),
    CommandPlace("manifest", "manifest", "manifest", group=True),
)


def build(asked: str = "") -> typer.Typer:
    """The command line, its exit codes said in the help.

    With the command that is `asked` for alone, so that nothing else is loaded for it; with every one where it is none.
    """
    app = typer.Typer(
        cls=ReportingGroup,
        name="trim-bot",
        help="A peer-support desk inside the chat a workplace already uses.",
        epilog="Exit codes: 0 good, 1 found a fault, 2 misuse, 3 refused.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_program)
    for place in [one for one in PLACES if one.name == asked] or PLACES:
        found = getattr(import_module(f"trim_bot.cli.{place.module}"), place.of)
        if place.group:
            app.add_typer(found, name=place.name)
        else:
            app.command(name=place.name)(found)
    return app


def _say_version(asked: bool) -> None:
    if asked:
        say(version_line())
        raise typer.Exit


def _program(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is."),
    ] = False,
) -> None:
    """A peer-support desk inside the chat a workplace already uses."""
