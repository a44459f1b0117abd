"""Brings a backup back into empty databases, without anything that was erased since, as a new generation: one file,
since each step must come after the one before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete

from trim_bot.app.seam.work import RESTORE
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import new_id
from trim_bot.domain.revocations import RestoredRevocations
from trim_bot.storage import tables
from trim_bot.storage.backup.dumps import DumpBroken, load_rows
from trim_bot.storage.backup.taking_backup import (
    DATA_FILE,
    KEYS_FILE,
    BackupBroken,
    Manifest,
    Places,
    read_manifest,
)
from trim_bot.storage.backup.what_is_there import NotEmpty, clear, look_at, others_words
from trim_bot.storage.binding import BoundRows
from trim_bot.storage.bound_register import BoundRegister
from trim_bot.storage.consistency.identity import (
    Generation,
    begin_generations,
    data_stamp,
    keys_stamp,
    ledger_stamp,
    stamp_data,
    stamp_ledger,
)
from trim_bot.storage.database_state import mark_restored, mark_restoring, put_fact
from trim_bot.storage.erasure.eraser import erase_rows
from trim_bot.storage.journal import SqlJournal
from trim_bot.storage.journal import head as head_of
from trim_bot.storage.journal_anchor import JournalAnchor
from trim_bot.storage.journal_check import OF_ROWS, RESTORES, ChainFault, chains, faults_of, read_register
from trim_bot.storage.keys import key_tables, quarantine
from trim_bot.storage.keys.key_tables import key_store_facts
from trim_bot.storage.ledger.anchor import AnchorUnreadable, LedgerAnchor
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.ledger_tables import NOTE_IN_DATA, ErasureLine
from trim_bot.storage.migrate import migrate
from trim_bot.storage.records.sealing import Pseudonyms
from trim_bot.storage.row_security import see_all_rows
from trim_bot.storage.schema_version import head
from trim_bot.storage.signing import MARK, note_restored, sign_organisation
from trim_bot.storage.small_stores import create_tables, durable_engine, read_transaction, write_transaction

Replay = Callable[[ErasureLedger, int], RestoredRevocations]
"""Takes back again what the lines of a ledger say that are numbered above the second argument."""


class AnchorMissing(SafeError):
    """Without the anchor nobody can tell whether the ledger at hand is the newest."""

    text = (
        "There is no anchor at ANCHOR_URL, so nobody can tell whether this ledger is the newest. "
        "Look for the file where the desk ran before, and point ANCHOR_URL to it; "
        "only if it is truly lost, use --anchor-lost"
    )


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: rows by table, how many erasures were done again, and what the journal check found.

    `lacking` is how many lines the anchor knows that this ledger does not hold; None where there is no anchor.
    `last` is when the newest erasure here was written, UTC. `again` is what was taken back since. With faults the
    data stays closed: `restore_pending` is left standing.
    """

    rows: dict[str, int]
    erasures: int
    faults: tuple[ChainFault, ...]
    unlike: tuple[ChainFault, ...] = ()
    """Rows in the backup that were not as the journal binds them: they came back, and stay without any effect."""
    lacking: int | None = 0
    last: datetime | None = None
    again: RestoredRevocations = field(default_factory=RestoredRevocations)
    beside: tuple[str, ...] = ()
    """Sentences about tables of others in the same databases."""


def restore(
    directory: Path,
    places: Places,
    keyed: Pseudonyms,
    *,
    now: datetime,
    journals: JournalAnchor | None = None,
    keyring: str = "",
    masters: Collection[str] = (),
    anchor: LedgerAnchor | None = None,
    anchor_lost: bool = False,
    replace_first_start: bool = False,
    loaded: Callable[[Collection[str]], None] = lambda _: None,
    replay: Replay | None = None,
) -> Restored:
    """Load a backup, check its journal, and erase and take back again what the ledger names; only then may it serve.

    Nothing is signed here but what this desk made and its journal binds: another's copy gains nothing by it.
    `now` is aware. `keyring` is the fingerprint at hand, with the ids of its master keys; without it nothing is
    asked of them. The ledger must be the newest that `anchor` knows; with `anchor_lost` any whole one will do, and
    the anchor begins afresh from it. `replay` takes back again what lines numbered above the backup's say.
    `replace_first_start` clears what an untouched first start left there, and nothing else ever.
    `loaded` is called once all rows are there and nothing was done with them, with the ids of keys left out.
    Cut short, it leaves `restore_pending` standing, and needs empty databases again.

    Raises `OtherKeyring`, `NoLedger` without the ledger, `OtherLedger`, `OlderLedger`, `AnchorMissing`,
    `AnchorUnreadable`, `BackupBroken`, `DumpBroken`, `NotEmpty`, `StoreUnavailable`.
    """
    manifest = read_manifest(directory)
    if manifest.schema != head():
        raise BackupBroken("This backup belongs to another version: restore it there, then move up")
    # After its version, since one of an earlier version bears another proof of where it was made, or none.
    manifest.must_be_made_here(keyed)
    if keyring:
        manifest.must_open_with(keyring, masters)
    ledger = ErasureLedger(places.ledger, create=False, anchor=anchor)
    try:
        manifest.must_belong_to(ledger, at_least=0 if anchor_lost else manifest.ledger_lines)
        ledger.must_be_whole()
        lacking = _lacking(ledger, anchor, manifest) if anchor_lost else _newest(ledger, anchor)
        erasures = [one for one in ledger.erasures() if one.reaches_backups]
        found = look_at(places)
        if not found.is_empty and not (replace_first_start and found.is_untouched):
            raise NotEmpty(found)
        rows = _load(directory, places, manifest, erasures, anew=not found.is_empty)
        loaded({key for erasure in erasures for key in erasure.key_ids})
        faults, unlike = _check(places, keyed)
        if faults:
            return Restored(rows, 0, faults, unlike, lacking)
        _erase_again(places, keyed, erasures, now)
        for erasure in erasures:
            if erasure.done_at is None:
                ledger.finish(erasure, now)
        again = replay(ledger, manifest.ledger_takings) if replay is not None else RestoredRevocations()
        ledger.revocations.settle(ledger.head().revocations.n)
        begin_new_generation(places, ledger)
        ledger.renew_anchor()
        ledger.note_fact(MARK, "yes")
        # The data may remember more lines than a ledger holds that was taken with its anchor lost.
        note = json.dumps({"id": ledger.id, "lines": ledger.lines()})
    finally:
        ledger.close()
    last = max((erasure.begun_at for erasure in erasures), default=None)
    _sign_and_open(places, keyed, now, journals, note)
    beside = tuple(filter(None, (others_words(found.data), others_words(found.keys))))
    return Restored(rows, len(erasures), (), unlike, lacking, last, again, beside)


def _newest(ledger: ErasureLedger, anchor: LedgerAnchor | None) -> int:
    """Refuse a ledger that the anchor does not show to be the newest. Nothing is lacking in one that it does."""
    if anchor is not None and ledger.anchored() is None:
        raise AnchorMissing
    # Now, so that one that cannot be written stops it while nothing has been brought back.
    ledger.renew_anchor()
    return 0


def _lacking(ledger: ErasureLedger, anchor: LedgerAnchor | None, manifest: Manifest) -> int | None:
    """How many lines anchor or backup know that this ledger does not hold; None where neither knows of any."""
    behind = max(0, manifest.ledger_lines - ledger.lines())
    try:
        known, held = anchor.newest() if anchor is not None else None, ledger.head()
    except AnchorUnreadable:
        return behind or None
    if known is None or known.ledger != ledger.id:
        return behind or None
    more = max(0, known.erasures.n - held.erasures.n) + max(0, known.revocations.n - held.revocations.n)
    return max(behind, more)


def _load(
    directory: Path, places: Places, manifest: Manifest, erasures: Collection[ErasureLine], *, anew: bool
) -> dict[str, int]:
    """Into places that were looked at; `anew` where what stands there is to be cleared first."""
    migrate(places.data)
    data, keys = durable_engine(places.data), durable_engine(places.keys)
    try:
        create_tables(keys, key_tables.metadata)
        if anew:
            clear(places)
        with write_transaction(keys) as connection:
            # A desk that began by itself meanwhile has written here which keyring it has. The backup says it anew.
            connection.execute(delete(key_store_facts))
        with write_transaction(data) as connection:
            see_all_rows(connection)
            mark_restoring(connection)
        gone = {key for erasure in erasures for key in erasure.key_ids}
        with write_transaction(keys) as connection:
            without = {key_tables.data_keys.name: gone}
            load_rows(connection, key_tables.metadata, directory / KEYS_FILE, without=without)
        with write_transaction(data) as connection:
            see_all_rows(connection)
            rows = load_rows(connection, tables.metadata, directory / DATA_FILE, without={})
            if rows != {name: count for name, count in manifest.data.rows.items() if count}:
                raise DumpBroken
        return rows
    finally:
        data.dispose()
        keys.dispose()


def _erase_again(places: Places, keyed: Pseudonyms, erasures: Collection[ErasureLine], now: datetime) -> None:
    data, keys = durable_engine(places.data), durable_engine(places.keys)
    registers: dict[str, BoundRegister] = {}
    try:
        for erasure in erasures:
            one = erasure.organisation
            register = registers.setdefault(one, BoundRegister(one, keyed))
            with write_transaction(data) as connection:
                see_all_rows(connection)
                journal = SqlJournal(connection, one, keyed)
                bound = BoundRows(connection, journal, register, register.at, _unheard)
                others = erase_rows(connection, journal, bound, erasure, RESTORE, now)
                bound.finish()
            bound.committed()
            with write_transaction(keys) as connection:
                quarantine.destroy(connection, others)
    finally:
        data.dispose()
        keys.dispose()


def _unheard(_organisation: str, _table: str, _name: str) -> None:
    """What does not fit is told of once, by the check before."""


def _check(places: Places, keyed: Pseudonyms) -> tuple[tuple[ChainFault, ...], tuple[ChainFault, ...]]:
    """Faults of the chains themselves, and the rows that they do not bind as they are."""
    data = durable_engine(places.data)
    try:
        with read_transaction(data) as connection:
            see_all_rows(connection)
            faults = faults_of(connection, keyed, of_backup=True)
    finally:
        data.dispose()
    rows = tuple(one for one in faults if one.kind in OF_ROWS)
    return tuple(one for one in faults if one.kind not in OF_ROWS), rows


def _sign_and_open(
    places: Places, keyed: Pseudonyms, now: datetime, journals: JournalAnchor | None, note: str
) -> None:
    """Bind what came back and fits, since some was left out of the backup on purpose; then the desk may open."""
    data = durable_engine(places.data)
    try:
        with write_transaction(data) as connection:
            see_all_rows(connection)
            restores = 1 + int(read_register(connection, keyed, "").tags.get(RESTORES, 0))
            if journals is not None:
                restores = journals.restores = max(restores, 1 + journals.restores_known)
            note_restored(connection, keyed, restores)
            heads = {}
            for one in chains(connection):
                if one:
                    kept = read_register(connection, keyed, one).tags
                    sign_organisation(connection, keyed, one, now, only=kept)
                heads[one] = head_of(connection, one)
            if journals is not None:
                # While the data is closed still: no desk ever opens beside an anchor of what stood there before.
                journals.append(heads, anew=True)
            put_fact(connection, NOTE_IN_DATA, note)
            mark_restored(connection)
    finally:
        data.dispose()


def begin_new_generation(places: Places, ledger: ErasureLedger) -> None:
    """Let the restored data and keys at `places` and the ledger that goes on belong together.

    To be called while nobody is served yet; cut short, it is done again with the restore. The identity is the
    ledger's. Data or keys that were in use before are known as older, wherever they still are.
    Raises `StoreUnavailable`.
    """
    data, keys = durable_engine(places.data), durable_engine(places.keys)
    try:
        with read_transaction(data) as connection:
            see_all_rows(connection)
            held = data_stamp(connection)
        known, written = keys_stamp(keys), ledger_stamp(ledger)
        seen = [*known.told, *(one for one in (held.generation, written.generation) if one is not None)]
        generation = Generation(1 + max((one.number for one in seen), default=0))
        identity = written.identity or held.identity or new_id()
        with write_transaction(keys) as connection:
            begin_generations(connection, identity, generation, anew=True)
        with write_transaction(data) as connection:
            see_all_rows(connection)
            stamp_data(connection, identity, generation)
        stamp_ledger(ledger, identity, generation)
    finally:
        data.dispose()
        keys.dispose()
