"""`journal verify` and `journal accept`: whether the record and all that it binds is as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trim_bot.app.clock.clocks import real_now
from trim_bot.bootstrap.deployment import Deployment, keyring_of
from trim_bot.cli.deployment import with_deployment
from trim_bot.cli.faults import ExitCode, Json, Misuse, Yes, confirm
from trim_bot.cli.missing_stores import must_be_kept
from trim_bot.cli.printing import counted, next_step, say, say_json
from trim_bot.cli.tables import say_rows
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import OrganisationId
from trim_bot.settings.environment import Settings, load_settings
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.journal_anchor import JournalAnchor
from trim_bot.storage.journal_check import (
    AnchorExists,
    ChainFault,
    ChainFaultKind,
    Heads,
    anchor,
    read_anchor,
    still_kept,
    verify_journal,
)
from trim_bot.storage.journal_doubts import JournalDoubts
from trim_bot.storage.kept_roles import accepted_roles
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.signing import accept, ledger_faults, restores_in, was_signed

journal = typer.Typer(no_args_is_help=True, help="Verify the journal.")
AnchorFile = Annotated[
    Path | None,
    typer.Option("--anchor", metavar="FILE", help="Compare with this anchor instead of the desk's own."),
]


@journal.callback()
def _group() -> None:
    """Verify the journal."""


@journal.command()
def verify(
    anchor_file: AnchorFile = None,
    new: Annotated[bool, typer.Option("--new", help="Write the anchor, where there is none.")] = False,
    as_json: Json = False,
) -> None:
    """Check every chain, what it binds, and the ledger, against the keyring and an anchor kept elsewhere."""
    settings = load_settings()
    must_be_kept(places_of(settings).data)
    own = JournalAnchor(settings.anchor_file)
    known = _known(anchor_file, own, settings, new=new)
    faults = _faults(settings, known)
    faults += [
        ChainFault(one, seq, ChainFaultKind.DOUBTED)
        for one, seq in JournalDoubts(settings.anchor_file).noted().items()
    ]
    if new and anchor_file is not None and not faults:
        anchor(places_of(settings).data, anchor_file, real_now())
    if as_json:
        told = [_told(one) for one in faults]
        say_json(
            {"whole": not faults, "anchored": known is not None, "proved": known is not None, "faults": told}
        )
    else:
        _say(faults, known, anchor_file or own.path, wrote=new and not faults)
    if faults or (known is None and not new):
        raise typer.Exit(ExitCode.FAULT)


@journal.command(name="accept")
def accept_journal(yes: Yes = False, as_json: Json = False) -> None:
    """Go on after rows of the journal were lost: sign what is kept as it stands. That rows are missing stays told."""
    settings = load_settings()
    roles = with_deployment(lambda deployment: accepted_roles(deployment.store), settings)
    if not as_json:
        say("These roles count from now on:")
        say_rows([(role.organisation, role.member, role.role) for role in roles])
    confirm("Sign everything as it stands now? Whatever was changed meanwhile counts from then on", yes=yes)

    async def signed(deployment: Deployment) -> int:
        known = deployment.journals.newest() or {}
        done = await accept(deployment.store, deployment.keyed, known, deployment.clock.now())
        every = {"", *known, *(one.id for one in await deployment.store.organisations())}
        heads = {one: await deployment.store.journal_head(OrganisationId(one)) for one in every}
        deployment.journals.append({one: head for one, head in heads.items() if head.seq}, anew=True)
        deployment.doubts.forget()
        return done

    done = with_deployment(signed, settings)
    if as_json:
        counting = [
            {"organisation": one.organisation, "member": one.member, "role": one.role} for one in roles
        ]
        say_json({"signed": done, "roles": counting})
        return
    say(f"Signed for {counted(done, 'organisation')}.")
    next_step("start the desk again, and look at the roster")


def _faults(settings: Settings, known: Heads | None) -> list[ChainFault]:
    places, keyed = places_of(settings), Pseudonyms(keyring_of(settings))
    ledger = ErasureLedger(places.ledger, create=False, changes=False)
    try:
        key_store = SqlKeyStore(places.keys, create=False, changes=False)
        try:
            signed = was_signed(key_store, ledger, known)
            known = still_kept(known, ledger.removed_organisations())
        finally:
            key_store.close()
        faults = verify_journal(places.data, keyed, anchor=known, signed=signed)
        return [*faults, *ledger_faults(places.data, keyed, ledger)]
    finally:
        ledger.close()


def _say(faults: list[ChainFault], known: Heads | None, place: Path, *, wrote: bool) -> None:
    for one in faults:
        say(sentence_of(one))
    if faults:
        return
    if wrote:
        say("The journal is whole, as far as can be told without an anchor.")
        say(f"Wrote the anchor {place}.")
        next_step("keep the anchor somewhere the database's keepers cannot reach")
    elif known is None:
        say("Every row of the journal, and all that it binds, is as it was written.")
        say(f"That no rows are missing at the end could not be proved: there is no anchor at {place}.")
        next_step(
            "find the anchor, or let the desk run: it keeps one. To write another, use --new --anchor FILE"
        )
    else:
        say(f"The journal is whole, and holds all the anchor knows ({place}).")


_WHAT = {
    ChainFaultKind.BROKEN: "a row was changed, taken out or put in; the first that does not fit is",
    ChainFaultKind.CUT_OFF: "rows are missing at the end, from",
    ChainFaultKind.EMPTY: "every row is missing, from",
    ChainFaultKind.UNSIGNED: "every row was written anew without the keyring, from",
    ChainFaultKind.BULLETIN: "a bulletin was changed, taken out or put in; the row that tells of it is, or would be,",
}


def sentence_of(fault: ChainFault) -> str:
    """What is wrong, and where."""
    match fault.kind:
        case ChainFaultKind.ROW:
            rows = counted(fault.count, "row")
            return (
                f"{fault.organisation}: {rows} of {fault.table} changed, put in or put back behind the desk."
            )
        case ChainFaultKind.MISSING:
            return f"{fault.organisation}: {counted(fault.count, 'row')} taken out behind the desk."
        case ChainFaultKind.DOUBTED:
            return (
                f"{fault.organisation}: it was not whole once, from row {fault.seq}, whatever stands there now. "
                "Look who had access and at the roster, and then run trim-bot journal accept."
            )
        case ChainFaultKind.LEDGER:
            return "The ledger was changed, or is not the one that the journal tells of."
        case _:
            return f"{fault.organisation}: {_WHAT[fault.kind]} {fault.seq}."


def _known(file: Path | None, own: JournalAnchor, settings: Settings, *, new: bool) -> Heads | None:
    """The anchor to compare with. One that was named and is not there is never made in silence."""
    if file is None:
        if new:
            raise Misuse("--new writes an anchor: say where with --anchor FILE")
        own.restores = restores_in(places_of(settings).data, Pseudonyms(keyring_of(settings)))
        return own.newest()
    if new:
        if file.exists():
            raise AnchorExists
        return None
    if not file.exists():
        raise NoAnchor(file)
    return read_anchor(file)


class NoAnchor(SafeError):
    """There is no anchor where one was looked for."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"There is no anchor at {file}: find it, or write a new one with --new")


def _told(fault: ChainFault) -> dict[str, object]:
    return {
        "organisation": fault.organisation,
        "seq": fault.seq,
        "kind": fault.kind.value,
        "table": fault.table,
        "count": fault.count,
    }
