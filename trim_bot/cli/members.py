"""`members grant|revoke|list|link`: roles, and the way in without chat: one file, since all ask one roster."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from trim_bot.app.oversight.last_of_role import LAST_ONE
from trim_bot.app.oversight.role_grants import (
    Granted,
    NotAColleague,
    OnlyLead,
    Recorded,
    give_role,
    leaves_nobody,
    listing,
    move_work,
    record_training,
    take_role,
    today_at,
)
from trim_bot.app.people.meeting import member_at
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import COMMAND_LINE
from trim_bot.app.workspaces.founding import NoOrganisation, organisation_for, slug_of
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.cli.deployment import address, with_deployment
from trim_bot.cli.faults import CommandRefused, ExitCode, Json, Misuse, Organisation, Yes, confirm
from trim_bot.cli.printing import counted, next_step, say, say_aside, say_json
from trim_bot.cli.tables import say_rows
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.clean_text import one_line
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Address, Platform, Role, Training
from trim_bot.domain.records import Action
from trim_bot.domain.site import Organisation as Employer
from trim_bot.domain.site import Site
from trim_bot.settings.checks import host_of
from trim_bot.settings.environment import LINK
from trim_bot.storage.signing import confirm_roles

members = typer.Typer(
    no_args_is_help=True, help="Give and end roles, and make one-time links to the browser."
)
_NAMES = ", ".join(role.value for role in Role if role is not Role.SUSPENDED_LEAD)
RoleName = Annotated[Role, typer.Argument(metavar="ROLE", help=_NAMES)]
Actor = Annotated[
    str, typer.Argument(metavar="ACTOR", help="slack:TEAM:USER, teams:TENANT:OBJECT, web:ADDRESS")
]


NEED_TRAINING = (Role.PRACTITIONER, Role.LEAD, Role.DEPUTY)
NO_TRAINING = (
    "Still missing: a training date. Until a coordinator puts one under People who serve, they can log no event and "
    "take no talk."
)


def _is_trained(tx: Tx, who: Address) -> bool:
    """Whether any training of theirs is on record; whether it has run out, the roster says."""
    member = member_at(tx, who)
    return member is not None and bool(tx.find(Training, member_id=member.id, limit=1))


@members.command()
def grant(
    role: RoleName,
    actor: Actor,
    name: Annotated[str, typer.Option("--name", help="Their name, for somebody the desk has not met.")] = "",
    organisation: Organisation = None,
    as_json: Json = False,
) -> None:
    """Give somebody a role. The first one makes the organisation."""
    who = address(actor)
    if role is Role.SUSPENDED_LEAD:
        raise Misuse("Nobody is granted this: use members revoke lead ACTOR --suspend")

    async def act(deployment: Deployment) -> tuple[Employer, Granted, bool]:
        employer = await _home(deployment, who, organisation, named=bool(one_line(name)))
        home = OrganisationId(employer.id)
        done = await give_role(deployment, home, who, role, one_line(name))
        trained = role not in NEED_TRAINING or await deployment.store.read(
            home, lambda tx: _is_trained(tx, who)
        )
        return employer, done, trained

    employer, done, trained = with_deployment(act)
    if done is Granted.UNKNOWN:
        raise _Unnamed
    if as_json:
        say_json(
            {"organisation": employer.slug, "actor": who.text, "role": role.value, "changed": done.changed}
        )
        return
    said = {
        Granted.HELD: f"{who.text} is {_spoken(role)} already.",
        Granted.GIVEN: f"{who.text} is now {_spoken(role)} of {employer.slug}.",
        Granted.MET: f"{who.text} was entered, and is now {_spoken(role)} of {employer.slug}.",
    }
    say(said[done])
    if not trained:
        say(NO_TRAINING)
    if who.platform is Platform.WEB:
        next_step(f"trim-bot members link {who.text}")
    elif role is Role.ADMINISTRATOR:
        next_step("trim-bot site check FILE, then trim-bot site apply FILE")


@members.command()
def revoke(
    role: RoleName,
    actor: Actor,
    suspend: Annotated[
        bool,
        typer.Option("--suspend", help="Of a lead: they may do nothing as one until it is granted again."),
    ] = False,
    organisation: Organisation = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """End a role somebody holds. The only lead can be suspended or replaced, not merely ended."""
    who = address(actor)
    if suspend and role is not Role.LEAD:
        raise Misuse("Only a lead can be suspended: leave out --suspend")

    async def look(deployment: Deployment) -> bool:
        employer = await organisation_for(deployment.store, who, organisation)
        # The only lead is refused by name, unless suspended.
        asks = role is not Role.LEAD or suspend
        return asks and await leaves_nobody(deployment, OrganisationId(employer.id), who, role)

    async def act(deployment: Deployment) -> bool:
        employer = await organisation_for(deployment.store, who, organisation)
        try:
            return await take_role(deployment, OrganisationId(employer.id), who, role, suspend=suspend)
        except OnlyLead as error:
            raise CommandRefused(str(error)) from error

    warning = LAST_ONE[role] if with_deployment(look) else ""
    if warning:
        if not as_json:
            say_aside(warning)
        confirm(f"Shall {who.text} be {_spoken(role)} no more?", yes=yes)
    changed = with_deployment(act)
    if as_json:
        told = {"actor": who.text, "role": role.value, "changed": changed}
        say_json(told | ({"warning": warning} if warning else {}))
    elif changed:
        say(f"{who.text} is suspended as lead." if suspend else f"{who.text} is no longer {_spoken(role)}.")
        say("What they may hold passes on from the next working day.")
    else:
        say(f"{who.text} was not {_spoken(role)}. Nothing changed.")
    if not changed:
        raise typer.Exit(ExitCode.FAULT)


@members.command()
def train(
    actor: Actor,
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The day it was held, such as 2026-05-04.")],
    provider: Annotated[str, typer.Option("--provider", help="Who held it.")] = "",
    organisation: Organisation = None,
    as_json: Json = False,
) -> None:
    """Record a training of somebody who serves, and tell every lead."""
    who, day = address(actor), day_of(on)

    async def act(deployment: Deployment) -> tuple[Recorded, bool]:
        employer = await organisation_for(deployment.store, who, organisation)
        home, now = OrganisationId(employer.id), deployment.clock.now()
        done = await record_training(deployment, home, who, one_line(provider), day)
        today = await deployment.store.read(home, lambda tx: today_at(tx.get(Site, "site"), now))
        return done, done.until < today

    done, over = with_deployment(act)
    until = done.until.isoformat()
    if as_json:
        return say_json({"actor": who.text, "trained_on": on, "until": until, "changed": done.changed})
    recorded = f"The training of {who.text} is recorded" + ("" if done.changed else " already")
    if over:
        return say(f"{recorded}. It ran out on {until}, so it does not count.")
    say(f"{recorded}. It counts until {until}.")


def day_of(text: str) -> date:
    """A day as `2026-05-04`. Raises Misuse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misuse("A day reads 2026-05-04: year, month, day") from None


@members.command(name="move-work")
def move_all_work(
    actor: Actor,
    to: Annotated[str, typer.Option("--to", help="A practitioner. Left out: a lead gives it on.")] = "",
    stay: Annotated[bool, typer.Option("--stay", help="Take back what was asked and has not begun.")] = False,
    organisation: Organisation = None,
    as_json: Json = False,
) -> None:
    """Pass on all the work of somebody, from the next working day. It says the same whether they have any or not."""
    who, other = address(actor), address(to) if to else None
    if stay and other is not None:
        raise Misuse("With --stay nobody gets it: leave out --to")

    async def act(deployment: Deployment) -> None:
        employer = await organisation_for(deployment.store, who, organisation)
        try:
            await move_work(deployment, OrganisationId(employer.id), who, other, stay=stay)
        except NotAColleague as error:
            raise CommandRefused(str(error)) from error

    with_deployment(act)
    if as_json:
        say_json({"actor": who.text, "to": to, "stays": stay})
    elif stay:
        say(f"The work of {who.text} stays where it is.")
    else:
        say(
            f"All work of {who.text} goes to {other.text if other else 'a lead, to give on'}, if there is any."
        )
        say("It moves on the next working day. Those it concerns hear at their usual time.")


@members.command(name="list")
def list_members(
    organisation: Organisation = None,
    confirmed: Annotated[
        bool,
        typer.Option("--confirm", help="Say that the roles are right that were signed at the upgrade."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Everyone with a role. That this was read is journalled."""

    async def act(deployment: Deployment) -> list[dict[str, object]]:
        employer = await organisation_for(deployment.store, None, organisation)
        found = await deployment.store.write(
            OrganisationId(employer.id), lambda tx: listing(tx, deployment.clock.now())
        )
        if confirmed:
            confirm_roles(deployment.key_store, employer.id)
        return found

    found_members = with_deployment(act)
    if as_json:
        say_json(found_members)
        return
    if not found_members:
        say("Nobody holds a role yet.")
        next_step('trim-bot members grant administrator web:ADDRESS --name "NAME"')
        return
    say_rows([(str(one["name"]), _joined(one["roles"]), _joined(one["actors"])) for one in found_members])


@members.command()
def link(actor: Actor, organisation: Organisation = None, as_json: Json = False) -> None:
    """Make a link that signs somebody in once, within 30 minutes."""
    who = address(actor)

    async def act(deployment: Deployment) -> str:
        employer = await organisation_for(deployment.store, who, organisation)
        return await make_link(deployment, employer, who, deployment.settings.public_url or LINK)

    url = with_deployment(act)
    if as_json:
        say_json({"actor": who.text, "url": url})
        return
    say(url)
    next_step("give it to them yourself; it works once, for 30 minutes")


@members.command(name="sign-out")
def sign_out(actor: Actor, organisation: Organisation = None, as_json: Json = False) -> None:
    """End every browser session and unused link of somebody, as when a phone was lost."""
    who = address(actor)

    async def act(deployment: Deployment) -> int:
        employer = await organisation_for(deployment.store, who, organisation)
        return await deployment.sessions.sign_out_everywhere(employer.slug, who)

    ended = with_deployment(act)
    if as_json:
        return say_json({"actor": who.text, "ended": ended})
    say(f"Ended {counted(ended, 'session or link', 'sessions and links')} of {who.text}.")


async def make_link(deployment: Deployment, employer: Employer, who: Address, site: str) -> str:
    """A link below the address `site` that signs somebody in once; that it was made is journalled."""
    secret = await deployment.sessions.link(employer.slug, who)
    await deployment.store.write(OrganisationId(employer.id), lambda tx: _journal_link(deployment, tx, who))
    return f"{site}/sign-in?k={secret}"


def _journal_link(deployment: Deployment, tx: Tx, who: Address) -> None:
    member = member_at(tx, who)
    if member is not None:
        about = tx.pseudonym(member.key_id, member.id)
        tx.journal.write(COMMAND_LINE, Action.SIGNED_IN, "link", about, deployment.clock.now())


class _Unnamed(Misuse):
    """Nobody is known there, and no name was given to enter them by."""

    text = "The desk does not know this person yet: give their name with --name"


async def _home(deployment: Deployment, who: Address, slug: str | None, *, named: bool) -> Employer:
    """The organisation of a grant: as elsewhere, but made if there is none, with the chat workspace added.

    Nothing is made for somebody unknown without a name.
    """
    store = deployment.store
    workspace = ChatWorkspace.of(who) if who.platform is not Platform.WEB else None
    try:
        known = await organisation_for(store, who, slug)
    except NoOrganisation:
        if not named:
            raise _Unnamed from None
        return await deployment.founder.found(
            slug or slug_of(host_of(deployment.settings.public_url)), workspace
        )
    if workspace is None or workspace in known.workspaces:
        return known
    if slug is None and any(one.platform is who.platform for one in known.workspaces):
        raise Misuse(
            "This chat workspace is new here: say which organisation it joins with --organisation SLUG"
        )
    if not named and await store.read(OrganisationId(known.id), lambda tx: member_at(tx, who)) is None:
        raise _Unnamed
    return await deployment.founder.found(known.slug, workspace)


def _spoken(role: Role) -> str:
    return role.value.replace("_", " ")


def _joined(values: object) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) else ""
