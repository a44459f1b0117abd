"""Puts every command into the one command line, in the order of the help text."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from trim_bot.cli import (
    alerts,
    breach,
    database,
    database_roles,
    definitions,
    demo,
    drill,
    greet,
    inspection,
    journal,
    keys,
    ledger,
    manifest,
    members,
    organisations,
    records,
    restoring,
    serve,
    site,
)
from trim_bot.cli.faults import ReportingGroup
from trim_bot.cli.printing import say


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
    app.callback()(_program)
    # In the order of the help text.
    app.command()(demo.demo)
    app.command()(serve.serve)
    app.command()(serve.worker)
    app.command()(greet.greet)
    app.command(name="migrate")(database.migrate_database)
    app.add_typer(database_roles.database, name="database")
    app.command()(database.backup)
    app.command()(restoring.restore)
    app.command()(drill.drill)
    app.add_typer(ledger.ledger, name="ledger")
    app.command()(inspection.doctor)
    app.add_typer(alerts.alerts, name="alerts")
    app.command(name="describe")(inspection.tell)
    app.add_typer(keys.keys, name="keys")
    app.add_typer(members.members, name="members")
    app.add_typer(organisations.organisations, name="organisations")
    app.add_typer(site.site, name="site")
    app.add_typer(definitions.definitions, name="definitions")
    app.command()(records.erase)
    app.command()(records.export)
    app.add_typer(records.retention, name="retention")
    app.add_typer(journal.journal, name="journal")
    app.add_typer(breach.breach, name="breach")
    app.add_typer(manifest.manifest, name="manifest")
    return app


def _say_version(asked: bool) -> None:
    if not asked:
        return
    try:
        say(f"trim-bot {version('trim-bot')}")
    except PackageNotFoundError:
        say("trim-bot runs from a folder where it is not installed, so it has no version")
    raise typer.Exit


def _program(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is."),
    ] = False,
) -> None:
    """A peer-support desk inside the chat a workplace already uses."""
