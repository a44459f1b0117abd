"""`migrate`: brings the data up to this version."""

from __future__ import annotations

import typer

from trim_bot.bootstrap.deployment import must_not_be_empty
from trim_bot.bootstrap.places import places_of
from trim_bot.bootstrap.readiness import NotReady, fault_of_data
from trim_bot.cli.output import Json, next_step, say, say_json
from trim_bot.settings import load_settings
from trim_bot.storage.consistency.stored_identity import holds_keys
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.migrate import head, migrate


def register(app: typer.Typer) -> None:
    """Add `migrate`."""
    app.command(name="migrate")(bring_up)


def bring_up(as_json: Json = False) -> None:
    """Bring the database up to this version."""
    places = places_of(load_settings())
    data = places.data
    must_not_be_empty(places)
    before = fault_of_data(data)
    migrate(data)
    # Keys of an earlier version are given the tables they lack; where there are none, none are made.
    if holds_keys(places.keys):
        SqlKeyStore(places.keys, create=False).close()
    changed = before is NotReady.MIGRATIONS_PENDING
    if as_json:
        say_json({"changed": changed, "schema": head()})
        return
    say(f"The database is at schema {head()}" + (" now." if changed else ", as before."))
    next_step("trim-bot doctor")
