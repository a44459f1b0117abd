"""`breach report`: whom a breach concerns, and what could be read of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated

import typer

from trim_bot.app.own.breach_report import BreachReport, ToBeTold, breach_report
from trim_bot.app.own.what_was_taken import HowFar, Taken
from trim_bot.app.workspaces.founding import NoOrganisation
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.cli.deployment import with_deployment
from trim_bot.cli.faults import ExitCode, Json, Organisation, Yes, confirm
from trim_bot.cli.printing import counted, next_step, say, say_json
from trim_bot.cli.tables import say_rows
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.key_use import KeyUse

breach = typer.Typer(no_args_is_help=True, help="Say whom a breach concerns.")
Stores = Annotated[
    list[Taken],
    typer.Option("--store", help="What was taken; say it again for each, since together they tell more."),
]


@breach.callback()
def _group() -> None:
    """Say whom a breach concerns."""


@breach.command()
def report(store: Stores, organisation: Organisation = None, yes: Yes = False, as_json: Json = False) -> None:
    """List whom a breach concerns, and what could be read of them. That this was done is journalled.

    Whoever cannot be named since a record of theirs was altered stands there by id, and it ends with 1.
    """
    confirm("This names people and says of whom something is kept. Are you to tell them?", yes=yes)

    async def act(deployment: Deployment) -> dict[str, BreachReport]:
        now = deployment.clock.now()
        return {
            one.slug: await deployment.store.write(
                OrganisationId(one.id), lambda tx: breach_report(tx, store, now)
            )
            for one in await deployment.store.organisations()
            if organisation in (None, one.slug)
        }

    found = with_deployment(act, use=KeyUse.EXPORT)
    if not found:
        raise NoOrganisation
    if as_json:
        stores = sorted({one.value for one in store})
        say_json({"stores": stores, "organisations": {slug: _told(one) for slug, one in found.items()}})
    else:
        _say_reports(found, store)
    if any(one.altered for one in found.values()):
        raise typer.Exit(ExitCode.FAULT)


def _say_reports(found: Mapping[str, BreachReport], store: Collection[Taken]) -> None:
    for slug, one in found.items():
        say(f"{slug}: {_READING[one.how_far]}")
        _say_report(one)
    for taken in Taken:
        if taken in store and taken in _BESIDE:
            say(_BESIDE[taken])
    next_step("tell your data-protection officer; what you see here is for nobody else")


_READING = {
    HowFar.NOTHING: "nothing that is kept of anybody could be read.",
    HowFar.OPAQUE: "states and times could be read under opaque ids, and nobody's name or words.",
    HowFar.SOME_NAMED: "states and times could be read by name of whoever serves or had an offer by message; no words.",
    HowFar.NAMED: "with a list of your staff, states and times could be read by name; no words.",
    HowFar.CONTENT: "all that is kept could be read.",
}
_BESIDE = {
    Taken.KEYRING: "Rotation does not answer a stolen keyring: its root lasts. Ask whether the rest was taken too.",
    Taken.BACKUP: "Whoever was erased since that backup was made is in it, and cannot be listed here.",
    Taken.LEDGER: "The ledger tells how many were erased, and when, by ids that lead nowhere.",
    Taken.CHAT: "Whoever knows who serves, and when things happened, can guess from when people were written to.",
    Taken.HOST: "Count as read also all that people sent while it was in other hands.",
}


def _say_report(report: BreachReport) -> None:
    for kind, words in report.could_be_read.items():
        concerns = sum(kind in one.kinds for one in report.people)
        say(f"  {kind.value} ({counted(concerns, 'person', 'people')}): {words}")
    if report.nameless:
        say(f"  {counted(report.nameless, 'request')} by people whom nobody knows: tell them in public.")
    if report.altered:
        whose = counted(len(report.altered), "person", "people")
        say(f"  {whose} whose records were altered, or cannot be opened; find out by their ids who they are:")
        for id in report.altered:
            say(f"    {id}")
    if report.people:
        say_rows([_HEAD, *(_row(one) for one in report.people)])


_HEAD = ("ID", "NAME", "LIKES", "PHONE", "ADDRESSES", "WHAT IS KEPT")


def _row(one: ToBeTold) -> tuple[str, ...]:
    kinds = ", ".join(kind.value for kind in one.kinds)
    return one.id, one.name, one.reach, one.phone, ", ".join(one.actors), kinds


def _told(report: BreachReport) -> dict[str, object]:
    return {
        "reading": report.how_far.name.lower(),
        "could_be_read": {kind.value: words for kind, words in report.could_be_read.items()},
        "requests_by_nobody_known": report.nameless,
        "altered": list(report.altered),
        "people": [
            {
                "id": one.id,
                "name": one.name,
                "reach": one.reach,
                "phone": one.phone,
                "actors": list(one.actors),
                "kinds": [kind.value for kind in one.kinds],
            }
            for one in report.people
        ],
    }
