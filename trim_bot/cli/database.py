"""`migrate` and `backup`: the databases brought up to this version, and copied."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from trim_bot.app.clock.clocks import real_now
from trim_bot.app.seam.ports import Tx
from trim_bot.app.watch.not_ready import NotReady
from trim_bot.bootstrap.deployment import Deployment, keyring_of
from trim_bot.bootstrap.readiness import fault_of_data
from trim_bot.bootstrap.store_opening import settle_rights
from trim_bot.cli.deployment import with_deployment
from trim_bot.cli.faults import CommandRefused, Json
from trim_bot.cli.making_stores import make_stores
from trim_bot.cli.printing import counted, next_step, say, say_json
from trim_bot.cli.tables import say_rows
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.domain.errors import RecordAltered
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.site import Site
from trim_bot.settings.environment import load_settings
from trim_bot.settings.store_addresses import places_of, spoken_address
from trim_bot.storage.backup.taking_backup import DATA_FILE, KEYS_FILE, MANIFEST_FILE
from trim_bot.storage.backup.taking_backup import backup as make_backup
from trim_bot.storage.deployment_notes import holds_organisations
from trim_bot.storage.kept_roles import kept_roles
from trim_bot.storage.schema_version import head


def migrate_database(as_json: Json = False) -> None:
    """Bring the database up to this version."""
    places = places_of(load_settings())
    data = places.data
    before = fault_of_data(data)
    make_stores(places)
    settle_rights(places)
    changed = before is NotReady.MIGRATIONS_PENDING
    if as_json:
        say_json({"changed": changed, "schema": head()})
        return
    say(f"The database is at schema {head()}" + (" now." if changed else ", as before."))
    if changed and (roles := kept_roles(data)):
        say(
            "What is kept is signed by the first start with the keyring. Look whether each of these roles is right:"
        )
        say_rows([(role.organisation, role.member, role.role) for role in roles])
    next_step("trim-bot doctor")


SHORTEST_DAYS = 30
"""How long a key backup may live when no organisation has settled it."""
Folder = Annotated[Path, typer.Argument(metavar="DIR")]


def backup(
    directory: Folder,
    as_is: Annotated[
        bool, typer.Option("--as-is", help="The stores are copies of different ages: take them to restore.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write data and keys into a new folder, while the desk runs."""
    settings = load_settings()
    days = SHORTEST_DAYS if as_is else with_deployment(shortest_erase_days, settings)
    keyed = Pseudonyms(keyring_of(settings))
    data = places_of(settings).data
    if not holds_organisations(data):
        raise CommandRefused(
            f"There is no organisation at DATABASE_URL, {spoken_address(data)}, and so nothing to back up. "
            "Check the address"
        )
    made = make_backup(places_of(settings), directory, keyed, now=real_now(), erase_days=days, as_is=as_is)
    until = made.delete_keys_by.date().isoformat()
    rows = sum(made.data.rows.values())
    if as_json:
        say_json({"directory": str(directory), "rows": rows, "delete_keys_by": until, "schema": made.schema})
        return
    say(f"Wrote {counted(rows, 'row')} to {directory}: {DATA_FILE}, {KEYS_FILE} and {MANIFEST_FILE}.")
    say("The keyring and the erasure ledger are not in it; each is kept apart.")
    next_step(f"move the two files to different places, and delete {KEYS_FILE} by {until}")


async def shortest_erase_days(deployment: Deployment) -> int:
    """The shortest time any organisation has settled for an erasure to reach every copy.

    One whose settings were altered keeps nobody from a backup; `doctor` tells of it.
    """
    days = [SHORTEST_DAYS]
    for organisation in await deployment.store.organisations():
        with suppress(RecordAltered):
            days.append(await deployment.store.read(OrganisationId(organisation.id), _days))
    return min(days)


def _days(tx: Tx) -> int:
    site = tx.get(Site, "site")
    if site is None:
        raise CommandRefused("An organisation has no settings yet: run trim-bot site apply FILE")
    return site.erase_days
