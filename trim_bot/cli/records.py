"""`erase`, `export` and `retention run`: what is held about people, and when it goes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer

from trim_bot.app.desk.reader_language import of_member
from trim_bot.app.desk.routes import RECORD_RULES
from trim_bot.app.handover.erasing import erase_asked
from trim_bot.app.own.copy_words import copy_in
from trim_bot.app.own.subject_access_copy import subject_access_copy
from trim_bot.app.people.meeting import account_at, member_at
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import COMMAND_LINE
from trim_bot.app.workspaces.founding import organisation_for
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.cli.deployment import address, with_deployment
from trim_bot.cli.faults import CommandRefused, ExitCode, Json, Organisation, Yes, confirm
from trim_bot.cli.printing import counted, next_step, say, say_json
from trim_bot.domain.errors import EachInTurn, NotThere
from trim_bot.domain.ids import CaseId, MemberId, OrganisationId
from trim_bot.domain.key_use import KeyUse
from trim_bot.domain.people import Address
from trim_bot.domain.records import Erasure
from trim_bot.domain.site import Site
from trim_bot.locale.languages import LANGUAGES
from trim_bot.storage.sweeps.retention import RetentionResult

retention = typer.Typer(no_args_is_help=True, help="Erase what has been kept as long as each site settled.")


def erase(
    what: Annotated[
        str, typer.Argument(metavar="ACTOR|CASE", help="A person, or the id of a person or case.")
    ],
    organisation: Organisation = None,
    yes: Yes = False,
    gone: Annotated[
        bool, typer.Option("--gone", help="They work here no more: keep no name either.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Erase a person with everything about them, or one case. This cannot be undone."""
    who = address(what) if ":" in what else None
    confirm(f"Erase {what if who is not None else 'this person or case'} for good?", yes=yes)

    async def act(deployment: Deployment) -> bool:
        if who is not None:
            return await _erase_member(deployment, who, organisation, gone=gone)
        for employer in await deployment.store.organisations():
            if organisation not in (None, employer.slug):
                continue
            id = OrganisationId(employer.id)
            if await deployment.eraser.erase_case(id, CaseId(what), actor=COMMAND_LINE):
                return True
            # Of whom a record was altered only the id may be known.
            if await deployment.eraser.erase_member(id, MemberId(what), actor=COMMAND_LINE, gone=gone):
                return True
        return False

    done = with_deployment(act)
    if as_json:
        say_json({"erased": done})
    elif done:
        say("Erased: the keys are destroyed, the rows are gone, and the ledger says so.")
        if who is not None and not gone:
            say(
                "If they still work there, their name is on the list of staff as anybody's. If not, use --gone."
            )
        next_step("delete key backups made before today when their day comes; restore skips what was erased")
    else:
        say("There was nothing to erase.")
    if not done:
        raise typer.Exit(ExitCode.FAULT)


def export(
    actor: Annotated[str, typer.Argument(metavar="ACTOR")],
    file: Annotated[Path | None, typer.Option("--file", help="Write it here, for your eyes only.")] = None,
    organisation: Organisation = None,
    as_json: Json = False,
) -> None:
    """Everything held about one person, as JSON in the language they read. That this was done is journalled.

    With --json the names in it are those that programs know.
    """
    who = address(actor)

    def copied(tx: Tx, now: datetime) -> object:
        copy = subject_access_copy(tx, who, now, RECORD_RULES)
        site = tx.get(Site, "site")
        return (
            copy if as_json or site is None else copy_in(copy, of_member(member_at(tx, who), site, LANGUAGES))
        )

    async def act(deployment: Deployment) -> object:
        employer = await organisation_for(deployment.store, who, organisation)
        now = deployment.clock.now()
        return await deployment.store.write(OrganisationId(employer.id), lambda tx: copied(tx, now))

    if file is None:
        say_json(with_deployment(act, use=KeyUse.EXPORT))
        return
    with _private(file) as out:
        json.dump(with_deployment(act, use=KeyUse.EXPORT), out, indent=2, ensure_ascii=False)
        out.write("\n")
    if as_json:
        say_json({"actor": who.text, "file": str(file)})
        return
    say(f"Wrote {file}. Only you can read it.")
    next_step("hand it over in person or by a private way, then delete it")


@contextmanager
def _private(file: Path) -> Iterator[TextIO]:
    """A new file of the owner's alone, made before anything is read for it; gone again if that fails."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CommandRefused(f"{file} is there already") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            yield out
    except BaseException:
        file.unlink(missing_ok=True)
        raise


@retention.callback()
def _group() -> None:
    """Erase what has been kept as long as each site settled."""


@retention.command()
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    accept_unused: Annotated[
        bool, typer.Option("--accept-unused", help="Unused keys may go, also when they are many.")
    ] = False,
    trust_clock: Annotated[
        bool, typer.Option("--trust-clock", help="This machine's clock is right: believe it from now on.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Erase and delete what is past keeping, and what people asked to have erased."""
    if accept_unused and not dry_run:
        confirm("Is this the newest database of this desk, and the right one?", yes=yes)

    async def act(deployment: Deployment) -> tuple[int, RetentionResult]:
        asked, each = 0, EachInTurn()
        if trust_clock:
            await deployment.clock_check.trust()
        for employer in await deployment.store.organisations():
            id = OrganisationId(employer.id)
            with each.turn():
                if dry_run:
                    asked += len(await deployment.store.read(id, lambda tx: tx.find(Erasure)))
                else:
                    asked += await erase_asked(deployment.store, deployment.eraser, id)
        with each.turn():
            swept = await deployment.retention.run(dry_run=dry_run, accepted=accept_unused)
        each.tell()
        return asked, swept

    asked, swept = with_deployment(act)
    told = {
        "dry_run": dry_run,
        "asked": asked,
        "erased": dict(swept.erased),
        "dropped": dict(swept.dropped),
        "orphan_keys": swept.keys.destroyed,
        "quarantined_keys": swept.keys.quarantined,
        "refused_keys": swept.keys.refused,
        "ended": dict(swept.resumed.ended),
        "called_off": list(swept.resumed.called_off),
        "waits_for_clock": swept.waits,
    }
    if as_json:
        say_json(told)
    else:
        _say_swept(asked, swept, dry_run=dry_run)
    if swept.waits or swept.keys.refused:
        raise typer.Exit(ExitCode.FAULT)


def _say_swept(asked: int, swept: RetentionResult, *, dry_run: bool) -> None:
    verb = "would be erased" if dry_run else "erased"
    say(f"{counted(asked, 'person', 'people')} who asked {verb}.")
    for kind, number in sorted(swept.resumed.ended.items()):
        say(f"Cut short before and ended now: the erasure of {counted(number, kind)}.")
    for slug in swept.resumed.called_off:
        say(
            f"The removal of {slug} had been cut short. It is called off: {slug} is still there, with all its rows."
        )
    for kind, number in sorted(swept.erased.items()):
        say(f"{counted(number, kind)} {verb}.")
    say(f"{counted(sum(swept.dropped.values()), 'ended row')} {'would go' if dry_run else 'gone'}.")
    if swept.waits:
        say("Nothing else was looked at: this machine's clock is not believed. Run trim-bot doctor.")
        return
    keys = swept.keys
    say(f"{counted(keys.destroyed, 'unused key')} {'would be destroyed' if dry_run else 'destroyed'}.")
    say(f"{counted(keys.quarantined, 'unused key')} in quarantine, still readable.")
    if keys.refused:
        say(
            f"{keys.refused} of {counted(keys.of, 'key')} have no record. That is too many, so all of them stay."
        )
        next_step("see that DATABASE_URL is right; if it is, run trim-bot retention run --accept-unused")
    if dry_run:
        next_step("trim-bot retention run")


async def _erase_member(deployment: Deployment, who: Address, slug: str | None, *, gone: bool) -> bool:
    employer = await organisation_for(deployment.store, who, slug)
    id = OrganisationId(employer.id)
    member = await deployment.store.read(id, lambda tx: _member_id(tx, who))
    return await deployment.eraser.erase_member(id, member, actor=COMMAND_LINE, gone=gone)


def _member_id(tx: Tx, who: Address) -> MemberId:
    # By the account alone: whoever's own record was altered or does not open is erased all the same.
    account = account_at(tx, who)
    if account is None:
        raise NotThere
    return account.member_id
