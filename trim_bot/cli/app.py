"""Gathers the commands: each module of this package that has any adds its own with `register`."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import typer

from trim_bot.cli.faults import Reported

MODULES = (
    "demo",
    "serving",
    "database",
    "doctor",
    "describe",
    "keys",
    "members",
    "site",
    "definitions",
    "records",
    "journal",
    "backups",
    "manifest",
)
"""In the order of the help text. One that is not there is left out."""


def build() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        cls=Reported,
        name="trim-bot",
        help="A peer-support desk inside the chat a workplace already uses.",
        epilog="Exit codes: 0 good, 1 found a fault, 2 misuse, 3 refused.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for name in MODULES:
        module = f"trim_bot.cli.{name}"
        if find_spec(module) is not None:
            import_module(module).register(app)
    return app


def main() -> None:
    """Run the command given on the command line."""
    build()()
