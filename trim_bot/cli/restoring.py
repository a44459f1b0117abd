"""`restore`: a backup brought back, and what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from trim_bot.app.clock.clocks import real_now
from trim_bot.bootstrap.deployment import keyring_of
from trim_bot.bootstrap.for_commands import replay as replay_lines
from trim_bot.bootstrap.store_opening import exclusive_use, masters_of, settle_rights
from trim_bot.cli.faults import ExitCode, Json, Yes, can_ask, confirm
from trim_bot.cli.journal import sentence_of
from trim_bot.cli.printing import counted, next_step, say, say_aside, say_json
from trim_bot.crypto.keyring import Keyring, Pseudonyms
from trim_bot.domain.revocations import RestoredRevocations, RevocationKind
from trim_bot.settings.environment import Settings, load_settings
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.backup.restore import Restored
from trim_bot.storage.backup.restore import restore as bring_back
from trim_bot.storage.backup.taking_backup import KEYS_FILE, read_manifest
from trim_bot.storage.backup.what_is_there import NotEmpty
from trim_bot.storage.journal_anchor import JournalAnchor
from trim_bot.storage.journal_check import ChainFaultKind
from trim_bot.storage.ledger.anchor import FileAnchor

Folder = Annotated[Path, typer.Argument(metavar="DIR")]


def restore(
    directory: Folder,
    anchor_lost: Annotated[
        bool, typer.Option("--anchor-lost", help="The anchor is gone for good: take the ledger as it is.")
    ] = False,
    replace_empty: Annotated[
        bool,
        typer.Option(
            "--replace-empty", help="Clear what an untouched first start left there, and only that."
        ),
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Bring a backup back into empty databases, without what was erased since. Stop the desk first."""
    settings = load_settings()
    keyring = keyring_of(settings)
    manifest = read_manifest(directory)
    manifest.must_open_with(keyring.fingerprint, masters_of(keyring))
    outlived = manifest.delete_keys_by < real_now()
    if outlived:
        until = manifest.delete_keys_by.date().isoformat()
        say_aside(f"{KEYS_FILE} should have been deleted by {until}: it opens what was erased since.")
    if anchor_lost:
        say_aside(CANNOT_BE_KNOWN)
    confirm(f"Restore {directory} into the databases of this environment?", yes=yes)
    with exclusive_use(settings):
        try:
            restored = _brought_back(
                directory, settings, keyring, anchor_lost=anchor_lost, replace=replace_empty
            )
        except NotEmpty as error:
            # A yes that was given beforehand was given for empty databases.
            if yes or not error.found.is_untouched or not can_ask():
                raise
            say_aside(str(error))
            confirm("Clear that first start, and restore?", yes=False)
            restored = _brought_back(directory, settings, keyring, anchor_lost=anchor_lost, replace=True)
        settle_rights(places_of(settings))
    if as_json:
        say_json(_told(restored, outlived=outlived, anchor_lost=anchor_lost))
    else:
        _say_restored(restored, anchor_lost=anchor_lost)
    if restored.faults or restored.again.unreadable or restored.again.set_aside:
        raise typer.Exit(ExitCode.FAULT)


def _brought_back(
    directory: Path, settings: Settings, keyring: Keyring, *, anchor_lost: bool, replace: bool
) -> Restored:
    return bring_back(
        directory,
        places_of(settings),
        Pseudonyms(keyring),
        journals=JournalAnchor(settings.anchor_file),
        now=real_now(),
        keyring=keyring.fingerprint,
        masters=masters_of(keyring),
        anchor=FileAnchor(settings.anchor_file),
        anchor_lost=anchor_lost,
        replace_first_start=replace,
        replay=lambda ledger, after: asyncio.run(replay_lines(settings, keyring, ledger, after, real_now())),
    )


CANNOT_BE_KNOWN = (
    "Without the anchor nobody can tell whether this ledger is the newest. "
    "Whoever was erased after its last line may come back, and so may what was taken back after it."
)


def _told(restored: Restored, *, outlived: bool, anchor_lost: bool) -> dict[str, object]:
    return {
        "rows": sum(restored.rows.values()),
        "tables_of_others": list(restored.beside),
        "erased_again": restored.erasures,
        "faults": len(restored.faults),
        "without_effect": sum(one.count for one in restored.unlike),
        "unreadable": {table: list(ids) for table, ids in restored.again.unreadable.items()},
        "set_aside": {table: list(ids) for table, ids in restored.again.set_aside.items()},
        "keys_outlived_their_day": outlived,
        "anchor_lost": anchor_lost,
        "lines_lacking": restored.lacking,
        "taken_back_again": {kind.value: n for kind, n in restored.again.done.items()},
        "opened_again": restored.again.reopened,
        "given_again_and_lost": restored.again.given_again,
        "lines_not_understood": restored.again.unread,
        "settings_older": list(restored.again.older_sites),
        "takings_known_from": restored.again.kept_from.isoformat() if restored.again.kept_from else None,
    }


_SETTINGS = "site"


def _say_restored(restored: Restored, *, anchor_lost: bool) -> None:
    rows = sum(restored.rows.values())
    say(f"{counted(rows, 'row')} restored, {counted(restored.erasures, 'erasure')} done again.")
    if anchor_lost:
        last = restored.last.strftime("%Y-%m-%d %H:%M UTC") if restored.last is not None else "none"
        say(f"The last erasure in this ledger: {last}. What was erased after it cannot be known here.")
        if restored.lacking:
            say(f"The anchor knows of {counted(restored.lacking, 'line')} more than this ledger holds.")
    for sentence in (*sentences(restored.again), *restored.beside):
        say(sentence)
    for fault in restored.faults:
        say(f"The journal does not hold. {sentence_of(fault)}")
    unreadable, aside = restored.again.unreadable, restored.again.set_aside
    for fault in restored.unlike:
        if fault.kind is ChainFaultKind.ROW and fault.table in unreadable:
            continue
        say(f"Some of it was changed before the backup, and has no effect. {sentence_of(fault)}")
    _say_left_out("cannot be read", unreadable)
    _say_left_out("had something taken back that cannot be done again beside what cannot be read", aside)
    if restored.faults:
        say("The desk stays closed: this backup was changed.")
    elif unreadable or aside:
        say("All the rest is back, and the desk can open. An older backup may hold what cannot be read here.")
        settings = "trim-bot site apply FILE, " if _SETTINGS in unreadable else ""
        next_step(f"{settings}trim-bot doctor and trim-bot breach report, then start the desk")
    else:
        next_step("trim-bot doctor, then start the desk")


def _say_left_out(why: str, left_out: Mapping[str, tuple[str, ...]]) -> None:
    for table, ids in left_out.items():
        say(
            f"{counted(len(ids), 'record')} of {table} {why}, and so {'count' if ids[1:] else 'counts'} for nothing:"
        )
        for id in ids:
            say(f"  {id}")


WORDS: dict[RevocationKind, tuple[str, str]] = {
    RevocationKind.LEFT: ("person who left", "people who left"),
    RevocationKind.MESSAGES: ("choice about messages in chat", "choices about messages in chat"),
    RevocationKind.CHANGES: ("choice about being written to", "choices about being written to"),
    RevocationKind.REACH: ("choice of how to be reached", "choices of how to be reached"),
    RevocationKind.PHONE: ("phone number taken out", "phone numbers taken out"),
    RevocationKind.AVAILABILITY: ("choice about room for work", "choices about room for work"),
    RevocationKind.LEAVE: ("leave", "leaves"),
    RevocationKind.ERASURE: ("erasure asked for", "erasures asked for"),
    RevocationKind.CHAT: ("chat taken off", "chats taken off"),
    RevocationKind.APP: ("app taken away", "apps taken away"),
    RevocationKind.ROLE: ("role ended", "roles ended"),
    RevocationKind.TRAINING: ("training entry taken out", "training entries taken out"),
    RevocationKind.INSTALLATION: ("installation removed", "installations removed"),
    RevocationKind.WORKSPACE: ("workspace disconnected", "workspaces disconnected"),
    RevocationKind.EXPOSURE: ("person taken out of an event", "people taken out of an event"),
    RevocationKind.OFFER: ("offer declined, put off or withdrawn", "offers declined, put off or withdrawn"),
    RevocationKind.PROPOSED: ("name taken out of an offer", "names taken out of an offer"),
    RevocationKind.PASSED_REQUEST: (
        "practitioner ruled out for a request",
        "practitioners ruled out for a request",
    ),
    RevocationKind.TAKER: ("request put back for others", "requests put back for others"),
    RevocationKind.REQUEST: ("request ended", "requests ended"),
    RevocationKind.REFUSED: ("practitioner a person does not want", "practitioners a person does not want"),
    RevocationKind.PASSED: ("case passed on", "cases passed on"),
    RevocationKind.CALLED: ("person no longer called in", "people no longer called in"),
    RevocationKind.COVER: ("cover ended", "covers ended"),
    RevocationKind.HOLDER: ("case put back for others", "cases put back for others"),
    RevocationKind.SAFETY: ("safety call taken back", "safety calls taken back"),
    RevocationKind.CONVERSATION: ("talk not wanted", "talks not wanted"),
    RevocationKind.REFERRAL: ("referral ended", "referrals ended"),
    RevocationKind.TALK: ("case ended", "cases ended"),
    RevocationKind.SITE: ("settings applied anew", "settings applied anew"),
}


def sentences(again: RestoredRevocations) -> list[str]:
    """One line for all that was done, and one for each thing that somebody has to see to."""
    said = ["Nothing was taken back since the backup."]
    if again.done:
        parts = [counted(again.done[kind], *WORDS[kind]) for kind in RevocationKind if again.done.get(kind)]
        said = [f"Taken back again since the backup: {', '.join(parts)}."]
    if again.reopened:
        said.append(f"{counted(again.reopened, 'case was', 'cases were')} opened again since, and open now.")
    if again.given_again:
        lost = counted(again.given_again, "thing was", "things were")
        said.append(f"{lost} given again since, and not brought back.")
    if again.unread:
        said.append(f"{counted(again.unread, 'line')} of the ledger cannot be understood by this backup.")
    if again.kept_from is not None:
        said.append(f"What was taken back before {again.kept_from.isoformat()} is no longer known.")
    said += [
        f"{slug}: its settings were changed since. Run trim-bot site apply FILE before the desk starts."
        for slug in again.older_sites
    ]
    return said
