"""Whether every chain is whole, and everything it binds is as it was written: one file with the anchor, since what
cannot be proved without one must be said.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection, select

from trim_bot.domain.bulletins import PUBLISHED, Bulletin
from trim_bot.domain.errors import SafeError
from trim_bot.domain.records import Action
from trim_bot.storage.bound_register import BoundRegister
from trim_bot.storage.journal import Head, digest_at, head
from trim_bot.storage.records.bound_columns import BOUND
from trim_bot.storage.records.bound_rows import LINE, id_of, table_of, tag
from trim_bot.storage.records.sealing import Pseudonyms
from trim_bot.storage.row_security import each_organisation, see_all_rows
from trim_bot.storage.small_stores import durable_engine, snapshot, utc_text
from trim_bot.storage.tables import bulletins, journal, members, sites

_FORMAT = 1

Heads = Mapping[str, Head]
"""The last link of each chain, by organisation."""


class ChainFaultKind(Enum):
    """What is wrong with a chain."""

    BROKEN = "broken"
    """A row was edited, removed, inserted or moved, or the chain was made anew."""
    CUT_OFF = "cut_off"
    """Rows that an anchor knows of are missing at the end."""
    EMPTY = "empty"
    """There is no row at all, though the organisation has records; the first one is missing."""
    UNSIGNED = "unsigned"
    """No row is keyed, though this desk keeps a keyed journal: the chain was made anew without the keyring."""
    BULLETIN = "bulletin"
    """The chain holds, but a bulletin does not fit the row that tells of it, is missing, or has no row."""
    ROW = "row"
    """The chain holds, but a row that it binds was changed, or put in or back."""
    MISSING = "missing"
    """The chain holds, but rows that it binds are there no more."""
    DOUBTED = "doubted"
    """The chain was found not to be whole while the desk ran, and nobody has said since that what is kept counts."""
    LEDGER = "ledger"
    """The chain holds, but the ledger is not the one that it tells of, or is not whole."""


OF_ROWS = frozenset({ChainFaultKind.ROW, ChainFaultKind.MISSING})
"""What leaves the chain itself whole."""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where one organisation's chain stops holding; nothing after that row can be trusted."""

    organisation: str
    seq: int
    kind: ChainFaultKind
    table: str = ""
    """Which table the rows are of that do not fit."""
    count: int = 0
    """How many."""


class AnchorBroken(SafeError):
    """The anchor file cannot be read."""

    text = "This is not a journal anchor"


class AnchorExists(SafeError):
    """An anchor is never written over: an older one may be the only proof there is."""

    text = "Something is already at this place"


def still_kept(heads: Heads | None, removed: Collection[str]) -> Heads | None:
    """What an anchor knows, but for organisations that were removed: their journals went with them."""
    return heads and {one: head for one, head in heads.items() if one not in removed}


def verify_journal(
    url: str,
    keyed: Pseudonyms,
    organisation: str | None = None,
    anchor: Heads | None = None,
    *,
    signed: bool = True,
) -> list[ChainFault]:
    """The first fault of each chain at `url`, or of one organisation's alone, and the rows that do not fit.

    Without an anchor, rows cut off the end cannot be seen; a chain taken out whole, or made anew, can. `signed` says
    that this desk has signed its journals once. Raises `NoStore`, `StoreUnavailable`.
    """
    engine = durable_engine(url, create=False)
    try:
        with snapshot(engine) as connection:
            see_all_rows(connection)
            return faults_of(connection, keyed, organisation, anchor, signed=signed)
    finally:
        engine.dispose()


def look_through(
    url: str, keyed: Pseudonyms, anchor: Heads | None = None, *, signed: bool = True
) -> list[ChainFault]:
    """The same with any login, one organisation after the other: an organisation that was taken out is not missed.

    Raises `NoStore`, `StoreUnavailable`.
    """
    engine = durable_engine(url, create=False)
    try:
        with snapshot(engine) as connection:
            # Each is seen only while it is looked at; the deployment's own chain comes after the last.
            every = chain(each_organisation(connection), ("",))
            return [
                fault for one in every for fault in faults_of(connection, keyed, one, anchor, signed=signed)
            ]
    finally:
        engine.dispose()


def faults_of(
    connection: Connection,
    keyed: Pseudonyms,
    organisation: str | None = None,
    anchor: Heads | None = None,
    *,
    signed: bool = True,
    of_backup: bool = False,
) -> list[ChainFault]:
    """The same, read in a transaction of the caller's."""
    anchor = anchor or {}
    every = {*chains(connection), *_at_work(connection), *anchor}
    named = sorted(every) if organisation is None else [organisation]
    return [
        fault
        for one in named
        for fault in _faults_of_one(connection, keyed, one, anchor.get(one, Head(0, "")), signed, of_backup)
    ]


def _faults_of_one(
    connection: Connection, keyed: Pseudonyms, one: str, known: Head, signed: bool, of_backup: bool
) -> list[ChainFault]:
    register = read_register(connection, keyed, one)
    last = register.at
    # What was accepted since is told for good, and yet must come back from a backup.
    broken = register.broken_at if of_backup else register.first_break
    if broken is not None:
        return [ChainFault(one, broken, ChainFaultKind.BROKEN)]
    if last.seq == 0 and one in _at_work(connection):
        return [ChainFault(one, 1, ChainFaultKind.EMPTY)]
    if known.seq > last.seq:
        return [ChainFault(one, last.seq + 1, ChainFaultKind.CUT_OFF)]
    if known.seq and digest_at(connection, one, known.seq) != known.digest:
        return [ChainFault(one, known.seq, ChainFaultKind.BROKEN)]
    if last.seq and not register.is_signed:
        return [ChainFault(one, 1, ChainFaultKind.UNSIGNED)] if signed else []
    if (told := _unlike_its_bulletin(connection, one)) is not None:
        return [ChainFault(one, told, ChainFaultKind.BULLETIN)]
    return list(unlike_what_is_bound(connection, register, of_backup=of_backup))


def read_register(connection: Connection, keyed: Pseudonyms, organisation: str) -> BoundRegister:
    """What the whole chain of an organisation binds, read anew."""
    register = BoundRegister(organisation, keyed)
    register.sync(connection, head(connection, organisation), Head(0, ""))
    return register


def unlike_what_is_bound(
    connection: Connection, register: BoundRegister, *, of_backup: bool = False
) -> Iterator[ChainFault]:
    """The rows that the chain does not bind as they are, by table, and how many that it binds are missing.

    A backup leaves some out: there only lines that are missing are told.
    """
    one, at = register.organisation, register.at.seq
    bound = dict(register.tags)
    for name in BOUND:
        table, unlike = table_of(name), 0
        for row in connection.execute(select(table).where(table.c.organisation == one)).mappings():
            told = bound.pop(register.ref(table, id_of(table, row)), None)
            unlike += told != tag(register.keyed, one, table, row)
        if unlike:
            yield ChainFault(one, at, ChainFaultKind.ROW, name, unlike)
    for name in (LEDGER, RESTORES):
        bound.pop(name, None)
    missing = [place for place in bound if not of_backup or place.startswith(LINE)]
    if missing:
        yield ChainFault(one, at, ChainFaultKind.MISSING, count=len(missing))


LEDGER = "ledger"
"""The name under which the chain of the deployment binds the head of the ledger."""
RESTORES = "restores"
"""The name under which it binds how often it was restored, which nobody can raise without the keyring."""


def _unlike_its_bulletin(connection: Connection, organisation: str) -> int | None:
    """The first row of a bulletin that is not kept as it was published; the next one for a bulletin without a row."""
    kept = select(bulletins).where(bulletins.c.organisation == organisation)
    digests = set()
    for row in connection.execute(kept).mappings():
        one = Bulletin(row["id"], row["period"], row["published_at"], row["body"], row["signature"])
        digests.add(one.digest)
    of_bulletins = (
        select(journal.c.seq, journal.c.subject)
        .where(
            journal.c.organisation == organisation,
            journal.c.action == Action.CHANGED.value,
            journal.c.what == PUBLISHED,
        )
        .order_by(journal.c.seq)
    )
    for published in connection.execute(of_bulletins):
        if published.subject not in digests:
            return int(published.seq)
        digests.discard(published.subject)
    return head(connection, organisation).seq + 1 if digests else None


def anchor(url: str, path: Path, at: datetime) -> Heads:
    """Write the last link of every chain to a new file at `path`, as JSON. `at` is aware.

    Keep it outside the database. Raises `AnchorExists`, `NoStore`, `StoreUnavailable`.
    """
    engine = durable_engine(url, create=False)
    try:
        with snapshot(engine) as connection:
            see_all_rows(connection)
            heads = {one: head(connection, one) for one in chains(connection)}
    finally:
        engine.dispose()
    told = {
        "format": _FORMAT,
        "at": utc_text(at),
        "heads": {one: {"seq": last.seq, "digest": last.digest} for one, last in heads.items()},
    }
    try:
        with path.open("x", encoding="utf-8") as file:
            json.dump(told, file, indent=2)
            file.write("\n")
    except FileExistsError as error:
        raise AnchorExists from error
    return heads


def read_anchor(path: Path) -> Heads:
    """What `anchor` wrote. Raises `AnchorBroken`."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["format"] != _FORMAT:
            raise AnchorBroken
        return {str(one): Head(int(last["seq"]), str(last["digest"])) for one, last in told["heads"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AnchorBroken from error


def _at_work(connection: Connection) -> set[str]:
    """Organisations that have settings or anybody in them: founding wrote the first row of their journal."""
    found: set[str] = set()
    for table in (sites, members):
        found.update(connection.scalars(select(table.c.organisation).distinct()))
    return found


def chains(connection: Connection) -> list[str]:
    """The organisations that have a chain, and "" for the deployment's own."""
    query = select(journal.c.organisation).distinct().order_by(journal.c.organisation)
    return list(connection.scalars(query))
