"""`database roles`: the SQL with which an administrator makes the logins of a deployment on PostgreSQL."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from trim_bot.cli.faults import CommandRefused, Json, Misuse
from trim_bot.cli.printing import say, say_json
from trim_bot.settings.environment import load_settings
from trim_bot.settings.store_addresses import places_of, sqlite_path
from trim_bot.storage.database_roles import StoreKind, names_of, sql_for_administrator
from trim_bot.storage.small_stores import database_of

database = typer.Typer(no_args_is_help=True, help="The logins of the three databases, on PostgreSQL.")
_PLAIN = re.compile(r"[a-z][a-z0-9_]{0,40}")


@database.callback()
def _group() -> None:
    """The logins of the three databases, on PostgreSQL."""


@database.command()
def roles(
    prefix: Annotated[
        str, typer.Option(help="What their names begin with; one word for each deployment of a server.")
    ] = "trim_bot",
    as_json: Json = False,
) -> None:
    """Print the SQL that makes the logins, for the server's administrator. It changes nothing."""
    if not _PLAIN.fullmatch(prefix):
        raise Misuse("--prefix must be one word of small letters, digits and underscores")
    places = places_of(load_settings())
    stores = ((StoreKind.DATA, places.data), (StoreKind.KEYS, places.keys), (StoreKind.LEDGER, places.ledger))
    kept = [(kind, url) for kind, url in stores if sqlite_path(url) is None]
    if not kept:
        raise CommandRefused("The stores are files of SQLite, which has no logins")
    told = {kind.value: sql_for_administrator(kind, database_of(url), prefix) for kind, url in kept}
    if as_json:
        say_json({"logins": {role.value: name for role, name in names_of(prefix).items()}, "sql": told})
        return
    say("-- For psql, as the administrator. Give each login a password after it: \\password NAME")
    for sql in told.values():
        say(sql)
    say(
        "-- Next: run trim-bot migrate with the addresses of the owner, and serve with those of web and worker."
    )
