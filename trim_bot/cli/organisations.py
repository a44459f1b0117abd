"""`organisations list|rename|disconnect|remove`: put right what a mistyped workspace made."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

import typer

from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import COMMAND_LINE
from trim_bot.app.workspaces.founding import NoOrganisation, must_be_slug, organisation_for
from trim_bot.app.workspaces.help_in_force import keep_help
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.process_log import tell
from trim_bot.cli.deployment import with_deployment, workspace_of
from trim_bot.cli.faults import CommandRefused, Json, Yes, confirm
from trim_bot.cli.printing import next_step, say, say_json
from trim_bot.cli.tables import say_rows
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.key_use import KeyUse
from trim_bot.domain.people import Account, Address, Platform
from trim_bot.domain.records import Action
from trim_bot.domain.site import Organisation, Site
from trim_bot.settings.store_addresses import help_file
from trim_bot.storage.deployment_notes import rename_organisation
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.journal import Head
from trim_bot.storage.organisation_removal import OrganisationInUse, made_at, use_of
from trim_bot.storage.signing import confirm_roles

organisations = typer.Typer(no_args_is_help=True, help="List, rename and remove organisations.")
Slug = Annotated[str, typer.Argument(metavar="SLUG", help="Its short name.")]


@dataclass(frozen=True, slots=True)
class Listed:
    """One organisation, and nothing of what is in it."""

    slug: str
    workspaces: list[str]
    made: str | None
    """The day it was founded (ISO)."""
    state: str
    """`empty` or `in use`."""


@organisations.command(name="list")
def list_organisations(as_json: Json = False) -> None:
    """Every organisation, its chat workspaces, and whether anybody ever used it."""

    async def act(deployment: Deployment) -> list[Listed]:
        every = await deployment.store.organisations()
        return [
            await deployment.store.read(OrganisationId(one.id), partial(_listed, one=one)) for one in every
        ]

    found = with_deployment(act)
    if as_json:
        say_json(
            [{"slug": o.slug, "workspaces": o.workspaces, "made": o.made, "state": o.state} for o in found]
        )
        return
    if not found:
        say("There is no organisation yet.")
        next_step("trim-bot members grant administrator ACTOR --name NAME, or trim-bot site apply FILE")
        return
    rows = [(o.slug, o.state, o.made or "-", ", ".join(o.workspaces) or "-") for o in found]
    say_rows([("SLUG", "STATE", "MADE", "WORKSPACES"), *rows])


def _listed(tx: Tx, one: Organisation) -> Listed:
    connection = connection_of(tx)
    made = made_at(connection, one.id)
    state = "in use" if tx.in_doubt or use_of(connection, one.id) else "empty"
    places = sorted(place.text for place in one.workspaces)
    return Listed(one.slug, places, made.date().isoformat() if made else None, state)


@organisations.command()
def rename(
    old: Annotated[str, typer.Argument(metavar="OLD")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="1 to 40 small letters, digits and hyphens.")],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Give an organisation another short name. Links with the old one end, and so do browser sessions."""
    must_be_slug(new)

    async def look(deployment: Deployment) -> Organisation:
        one = await organisation_for(deployment.store, None, old)
        if new != old and await deployment.store.organisation_called(new) is not None:
            raise CommandRefused(f"There is an organisation {new} already")
        return one

    one = with_deployment(look)

    async def act(deployment: Deployment) -> None:
        await deployment.store.write(OrganisationId(one.id), lambda tx: _renamed(deployment, tx, new))
        await _keep_help(deployment)

    if new != old:
        confirm(f"Links with /o/{old}/ end, and everybody signs in to the browser anew. Go on?", yes=yes)
        with_deployment(act)
    if as_json:
        say_json({"organisation": new, "renamed_from": old, "changed": new != old})
    elif new == old:
        say(f"It is called {old} already. Nothing changed.")
    else:
        say(
            f"{old} is called {new} now. Links with /o/{old}/ lead nowhere; sessions in the browser have ended."
        )
        next_step(f'write slug = "{new}" into its site file, or the next site apply names it as before')


async def _keep_help(deployment: Deployment) -> None:
    """Have the help numbers be those in force; where they cannot be written, the desk does so by itself."""
    await keep_help(deployment.store, deployment.founder, help_file(deployment.settings), tell)


def _renamed(deployment: Deployment, tx: Tx, slug: str) -> None:
    rename_organisation(tx, slug)
    tx.journal.write(COMMAND_LINE, Action.CHANGED, "organisation_rename", "", deployment.clock.now())
    site = tx.get(Site, "site")
    if site is not None:
        tx.save(replace(site, slug=slug))


@organisations.command()
def disconnect(
    workspace: Annotated[str, typer.Argument(metavar="WORKSPACE", help="slack:TEAM or teams:TENANT.")],
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Take a chat workspace off an organisation that nobody used, or that knows nobody there."""
    place = workspace_of(workspace)

    async def look(deployment: Deployment) -> Organisation:
        one = await deployment.store.organisation_at(place)
        if one is None:
            raise NotConnected
        if await deployment.store.read(OrganisationId(one.id), lambda tx: _is_used_from(tx, one, place)):
            raise CommandRefused(
                f"People of {place.text} are known at {one.slug}. Take the app out in the chat instead"
            )
        return one

    async def act(deployment: Deployment) -> None:
        def note(tx: Tx) -> None:
            at = deployment.clock.now()
            tx.journal.write(COMMAND_LINE, Action.CHANGED, "workspace_disconnect", "", at)

        await deployment.store.write(OrganisationId(one.id), note)
        await deployment.store.disconnect(place)

    one = with_deployment(look, use=KeyUse.NAMES)
    confirm(f"Take {place.text} off {one.slug}?", yes=yes)
    with_deployment(act)
    if as_json:
        say_json({"workspace": place.text, "organisation": one.slug, "changed": True})
        return
    say(f"{place.text} belongs to no organisation now.")
    next_step(f"trim-bot site apply FILE --workspace {place.text}, where it is to belong to another")


class NotConnected(NoOrganisation):
    """Nobody has this workspace."""

    text = "This workspace belongs to no organisation: trim-bot organisations list says which there are"


def _is_used_from(tx: Tx, one: Organisation, place: ChatWorkspace) -> bool:
    """Whether somebody of a workspace is known in an organisation that is in use."""
    if not tx.in_doubt and not use_of(connection_of(tx), one.id):
        return False
    known = (Address.parse(account.address) for account in tx.find(Account))
    return any(who.platform is not Platform.WEB and ChatWorkspace.of(who) == place for who in known)


@organisations.command()
def remove(slug: Slug, yes: Yes = False, as_json: Json = False) -> None:
    """Remove an organisation that nobody ever used, with its keys. Stop the desk first."""

    async def look(deployment: Deployment) -> Organisation:
        one = await organisation_for(deployment.store, None, slug)
        why = await deployment.store.read(OrganisationId(one.id), lambda tx: _why_kept(tx, one))
        if why:
            raise OrganisationInUse(why)
        return one

    one = with_deployment(look)
    confirm(
        f"Is the desk stopped? This removes {one.slug}, its settings and its list of staff for good.", yes=yes
    )

    async def act(deployment: Deployment) -> None:
        await deployment.eraser.remove_organisation(OrganisationId(one.id))
        await _forget_journal(deployment, one.id)
        await _keep_help(deployment)

    with_deployment(act, alone=True)
    if as_json:
        say_json({"organisation": one.slug, "removed": True})
        return
    say(f"{one.slug} is removed: its keys are destroyed, its rows are gone, and the ledger says so.")
    next_step("start the desk; where its token belongs to that workspace, set the right one first")


async def _forget_journal(deployment: Deployment, organisation: str) -> None:
    """Its journal went with it: what is noted of that elsewhere would say that rows were taken out."""
    deployment.store.expect({organisation: Head(0, "")})
    await asyncio.to_thread(confirm_roles, deployment.key_store, organisation)
    known = {**(deployment.journals.newest() or {}), **deployment.store.journal_heads()}
    known.pop(organisation, None)
    await asyncio.to_thread(deployment.journals.append, known, anew=True)


def _why_kept(tx: Tx, one: Organisation) -> str:
    return "its journal is not whole" if tx.in_doubt else use_of(connection_of(tx), one.id)
