"""The tamper-evident chain of one organisation: each row's digest covers the row and the digest before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, literal_column, select
from sqlalchemy.engine import RowMapping

from trim_bot.domain.records import Action, JournalEntry
from trim_bot.storage.tables import journal

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
