"""Gathers the commands: each module with commands adds its own with `register`, in the order of the help text."""

from __future__ import annotations

import typer

from trim_bot.cli import (
    database,
    definitions,
    demo,
    inspection,
    journal,
    keys,
    manifest,
    members,
    records,
    serve,
    site,
)
from trim_bot.cli.faults import ReportingGroup

COMMANDS = (
    demo.register,
    serve.register,
    database.register,
    inspection.register,
    keys.register,
    members.register,
    site.register,
    definitions.register,
    records.register,
    journal.register,
    manifest.register,
)
"""In the order of the help text."""


def build() -> typer.Typer:
    """The command line with every command, its exit codes said in the help."""
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
    for register in COMMANDS:
        register(app)
    return app


def main() -> None:
    """Run the command given on the command line."""
    build()()
