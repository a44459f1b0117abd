"""The tamper-evident chain of one organisation: one file, since a row is checked by the digest that it was
written by.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from sqlalchemy import Connection, bindparam, insert, literal_column, select
from sqlalchemy.engine import RowMapping

from trim_bot.domain.bulletins import PUBLISHED, Bulletin
from trim_bot.domain.errors import SafeError
from trim_bot.domain.records import Action, JournalEntry
from trim_bot.storage.row_security import see_all_rows
from trim_bot.storage.small_stores import durable_engine, snapshot, utc_text
from trim_bot.storage.tables import bulletins, journal, members, sites

REPEAT = timedelta(hours=1)
"""A reading or refusal that is the same as one less than this long ago is told by that row."""
COALESCED = frozenset({Action.SHOWED, Action.REFUSED})
"""What changes nothing, so that a repeat of it tells nothing new."""


_ADD = insert(journal)
_HEAD = (
    select(journal.c.seq, journal.c.digest)
    .where(journal.c.organisation == bindparam("whose"))
    .order_by(journal.c.seq.desc())
    .limit(literal_column("1"))
)
_TOLD = (
    select(journal.c.at)
    .where(
        journal.c.organisation == bindparam("whose"),
        journal.c.subject == bindparam("about"),
        journal.c.actor == bindparam("by"),
        journal.c.action == bindparam("deed"),
        journal.c.what == bindparam("screen"),
    )
    .order_by(journal.c.seq.desc())
    .limit(literal_column("1"))
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a chain: what an anchor notes outside the database. Number 0 for an empty chain."""

    seq: int
    digest: str


class SqlJournal:
    """Implements the port `Journal` inside one transaction that is alone in writing this organisation."""

    def __init__(self, connection: Connection, organisation: str) -> None:
        self._connection = connection
        self._organisation = organisation
        self._head: Head | None = None

    def write(self, actor: str, action: Action, what: str, subject: str, at: datetime) -> None:
        """Add a row to the chain, unless it repeats a reading or a refusal of the last hour.

        No row is ever rewritten, or an anchor would no longer fit; so a repeat is left out, not counted.
        """
        if action in COALESCED and self._told(actor, action, what, subject, at):
            return
        before = self._head or head(self._connection, self._organisation)
        entry = JournalEntry(before.seq + 1, at.astimezone(UTC), actor, action, what, subject, 1, "")
        digest = link(before.digest, self._organisation, entry)
        row = {
            "organisation": self._organisation,
            "seq": entry.seq,
            "at": entry.at,
            "actor": actor,
            "action": action.value,
            "what": what,
            "subject": subject,
            "digest": digest,
        }
        self._connection.execute(_ADD, row)
        self._head = Head(entry.seq, digest)

    def about(self, subjects: Sequence[str], limit: int) -> list[JournalEntry]:
        """The newest rows about any of these pseudonyms, newest first."""
        query = (
            select(journal)
            .where(journal.c.organisation == self._organisation, journal.c.subject.in_(list(subjects)))
            .order_by(journal.c.seq.desc())
            .limit(limit)
        )
        return [_entry(row) for row in self._connection.execute(query).mappings()]

    def _told(self, actor: str, action: Action, what: str, subject: str, at: datetime) -> bool:
        same = {
            "whose": self._organisation,
            "about": subject,
            "by": actor,
            "deed": action.value,
            "screen": what,
        }
        last = self._connection.scalar(_TOLD, same)
        return last is not None and timedelta(0) <= at - last < REPEAT


def link(before: str, organisation: str, entry: JournalEntry) -> str:
    """The digest (SHA-256, hexadecimal) of a row that follows the digest `before`."""
    held = [
        before,
        organisation,
        entry.seq,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.action.value,
        entry.what,
        entry.subject,
    ]
    return hashlib.sha256(json.dumps(held, separators=(",", ":")).encode()).hexdigest()


def head(connection: Connection, organisation: str) -> Head:
    """The last link of a chain."""
    last = connection.execute(_HEAD, {"whose": organisation}).first()
    return Head(0, "") if last is None else Head(last.seq, last.digest)


def first_break(connection: Connection, organisation: str, anchors: Mapping[int, str]) -> int | None:
    """The number of the first row that is missing or changed; None when the whole chain holds.

    `anchors` are digests by row number that were noted outside the database: they also find a chain that
    was cut short or made anew.
    """
    query = select(journal).where(journal.c.organisation == organisation).order_by(journal.c.seq)
    before = Head(0, "")
    for row in connection.execute(query).yield_per(1000).mappings():
        try:
            entry = _entry(row)
        except ValueError:
            return before.seq + 1
        expected = link(before.digest, organisation, entry)
        if entry.seq != before.seq + 1 or entry.digest != expected:
            return before.seq + 1
        if anchors.get(entry.seq, expected) != expected:
            return entry.seq
        before = Head(entry.seq, entry.digest)
    return min((seq for seq in anchors if seq > before.seq), default=None)


def entries(connection: Connection, organisation: str, after: int, limit: int) -> list[JournalEntry]:
    """Rows with numbers above `after`, in order."""
    query = select(journal).where(journal.c.organisation == organisation, journal.c.seq > after)
    rows = connection.execute(query.order_by(journal.c.seq).limit(limit)).mappings()
    return [_entry(row) for row in rows]


def _entry(row: RowMapping) -> JournalEntry:
    action = Action(row["action"])
    return JournalEntry(
        row["seq"], row["at"], row["actor"], action, row["what"], row["subject"], 1, row["digest"]
    )


_FORMAT = 1

Heads = Mapping[str, Head]
"""The last link of each chain, by organisation."""


class ChainFaultKind(Enum):
    """What is wrong with a chain."""

    BROKEN = "broken"
    """A row was edited, removed, inserted or moved, or the chain was made anew since the anchor."""
    CUT_OFF = "cut_off"
    """Rows that an anchor knows of are missing at the end."""
    EMPTY = "empty"
    """There is no row at all, though the organisation has records; the first one is missing."""
    BULLETIN = "bulletin"
    """The chain holds, but a bulletin does not fit the row that tells of it, is missing, or has no row."""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where one organisation's chain stops holding; nothing after that row can be trusted."""

    organisation: str
    seq: int
    kind: ChainFaultKind


class AnchorBroken(SafeError):
    """The anchor file cannot be read."""

    text = "This is not a journal anchor"


class AnchorExists(SafeError):
    """An anchor is never written over: an older one may be the only proof there is."""

    text = "Something is already at this place"


def verify_journal(
    url: str, organisation: str | None = None, anchor: Heads | None = None
) -> list[ChainFault]:
    """The first fault of each chain at `url`, or of one organisation's alone; empty when all hold.

    Without an anchor, rows cut off the end and a chain made anew cannot be seen; a chain taken out whole can.
    Raises `NoStore`, `StoreUnavailable`.
    """
    engine = durable_engine(url, create=False)
    try:
        with snapshot(engine) as connection:
            see_all_rows(connection)
            return faults_of(connection, organisation, anchor)
    finally:
        engine.dispose()


def faults_of(
    connection: Connection, organisation: str | None = None, anchor: Heads | None = None
) -> list[ChainFault]:
    """The first fault of each chain, or of one organisation's, read in a transaction of the caller's."""
    anchor = anchor or {}
    every = {*_chains(connection), *_at_work(connection), *anchor}
    named = sorted(every) if organisation is None else [organisation]
    faults = []
    for one in named:
        known = {anchor[one].seq: anchor[one].digest} if one in anchor and anchor[one].seq else {}
        seq = first_break(connection, one, known)
        if seq is not None:
            cut = seq > head(connection, one).seq
            faults.append(ChainFault(one, seq, ChainFaultKind.CUT_OFF if cut else ChainFaultKind.BROKEN))
        elif head(connection, one).seq == 0 and one in _at_work(connection):
            faults.append(ChainFault(one, 1, ChainFaultKind.EMPTY))
        elif (told := _unlike_its_bulletin(connection, one)) is not None:
            faults.append(ChainFault(one, told, ChainFaultKind.BULLETIN))
    return faults


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
            heads = {one: head(connection, one) for one in _chains(connection)}
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


def _chains(connection: Connection) -> list[str]:
    query = select(journal.c.organisation).distinct().order_by(journal.c.organisation)
    return list(connection.scalars(query))
