"""The tamper-evident chain of one organisation, each row bound to the one before under the keyring's root: one file,
since a row is checked by the digest that it was written by.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, literal_column, select
from sqlalchemy.engine import RowMapping

from trim_bot.domain.errors import JournalInDoubt
from trim_bot.domain.journal_search import FoundRows, JournalSearch
from trim_bot.domain.records import SHOWN_IN_DOUBT, Action, JournalEntry
from trim_bot.storage import prepared
from trim_bot.storage.journal_search import found_in
from trim_bot.storage.records.bound_rows import LINE, read
from trim_bot.storage.records.sealing import Pseudonyms
from trim_bot.storage.tables import journal, members, sites

REPEAT = timedelta(hours=1)
"""A reading or refusal that is the same as one less than this long ago is told by that row."""
COALESCED = frozenset({Action.SHOWED, Action.REFUSED})
"""What changes nothing, so that a repeat of it tells nothing new."""
SIGNED = "journal_signed"
"""What a row is called that binds all that stood there when it was written; what was bound before counts no more."""
MORE_SIGNED = "journal_signed_more"
"""A row that goes on with such a list."""
BOUND = "bound"
"""A row of its own for what a transaction bound that wrote no other."""
BY_ITSELF = "clock"
"""The journal's name for what the desk does by itself."""
PLAIN_LENGTH = 64
"""How long a digest of before the keyring was asked is; every other one is keyed."""

_ADD = insert(journal)
_HEAD = (
    select(journal.c.seq, journal.c.digest, journal.c.at)
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
_AFTER = (
    select(journal)
    .where(journal.c.organisation == bindparam("whose"), journal.c.seq > bindparam("after"))
    .order_by(journal.c.seq)
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a chain: what an anchor notes outside the database. Number 0 for an empty chain."""

    seq: int
    digest: str

    def is_behind(self, known: Head) -> bool:
        """Whether a chain that ends here lacks what is known to have been in it."""
        return self.seq < known.seq or (self.seq == known.seq and self.digest != known.digest)


@dataclass(frozen=True, slots=True)
class AddedRow:
    """One row that a transaction has added: its place, its digest, and what it binds."""

    head: Head
    what: str
    bound: str


@dataclass(slots=True)
class Ahead:
    """What the bodies before this one in its transaction added to their organisation's journal; not on disk yet."""

    base: Head | None = None
    """The last link before the transaction, once it was read."""
    at: Head | None = None
    """The last link now."""
    last_at: datetime | None = None
    """The time of the last link now."""
    tags: dict[str, str] = field(default_factory=dict)
    """What they bound, by name."""
    has_lines: bool = False
    """Whether reporting lines are among it."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added so far."""
        return self.at == self.base

    def begin(self, last: Head, at: datetime | None) -> None:
        """The last link was read, and its time."""
        self.base = self.at = last
        self.last_at = at

    def take_in(self, added: Sequence[AddedRow], at: datetime | None) -> None:
        """A body has ended: what it added, in order, and the time of the last of it."""
        for one in added:
            self.at, self.last_at = one.head, at
            bound = read(one.bound)
            self.tags |= bound
            self.has_lines |= any(name.startswith(LINE) for name in bound)


class SqlJournal:
    """Implements the port `Journal` inside one transaction that is alone in writing this organisation.

    The newest row is held back until the next one, or the end, so that it can bear what the transaction binds.
    """

    def __init__(
        self, connection: Connection, organisation: str, keyed: Pseudonyms, ahead: Ahead | None = None
    ) -> None:
        """`ahead` is what bodies before this one in the same transaction have added; nothing, where there are none."""
        self._connection = connection
        self._organisation = organisation
        self._keyed = keyed
        self._ahead = ahead if ahead is not None else Ahead()
        self._before: Head | None = None
        self._last_at: datetime | None = None
        self._held: JournalEntry | None = None
        self.added: list[AddedRow] = []
        """What was added, in order."""
        self._waiting: list[dict[str, object]] = []
        self.in_doubt = False
        """Whether the chain before is known not to be whole."""

    def write(self, actor: str, action: Action, what: str, subject: str, at: datetime) -> None:
        """Add a row to the chain, unless it repeats a reading or a refusal of the last hour.

        No row is ever rewritten, or an anchor would no longer fit; so a repeat is left out, not counted.
        Raises JournalInDoubt for a reading, but of a page for safety, where rows before were changed or taken out.
        """
        if self.in_doubt and action is Action.SHOWED and what not in SHOWN_IN_DOUBT:
            raise JournalInDoubt
        if action in COALESCED and self._told(actor, action, what, subject, at):
            return
        self._add_held()
        self._held = JournalEntry(0, at.astimezone(UTC), actor, action, what, subject, 1, "")

    def about(self, subjects: Sequence[str], limit: int) -> list[JournalEntry]:
        """The newest rows about any of these pseudonyms, newest first."""
        self._add_held()
        self.put()
        query = (
            select(journal)
            .where(journal.c.organisation == self._organisation, journal.c.subject.in_(list(subjects)))
            .order_by(journal.c.seq.desc())
            .limit(limit)
        )
        return [entry_of(row) for row in self._connection.execute(query).mappings()]

    def search(self, wanted: JournalSearch, before: int | None, limit: int) -> FoundRows:
        """At most `limit` rows that fit, newest first, below `before`, in one stretch of the chain.

        A stretch is `STRETCH` numbers long, so that a search for what is rare keeps nobody waiting.
        """
        self._add_held()
        self.put()
        return found_in(self._connection, self._organisation, wanted, before, limit)

    def head(self) -> Head:
        """The last link before this body; it is read once in a transaction."""
        if self._before is None:
            if self._ahead.at is None:
                self._ahead.begin(*_last_link(self._connection, self._organisation))
            self._before, self._last_at = self._ahead.at or Head(0, ""), self._ahead.last_at
        return self._before

    def base(self) -> Head:
        """The last link that is on disk, whatever bodies before this one in the transaction have added."""
        before = self.head()
        return self._ahead.base or before

    @property
    def ahead(self) -> Ahead:
        """What bodies before this one in the same transaction have added."""
        return self._ahead

    def pass_on(self) -> None:
        """This body has ended: what it added comes before whatever the next one adds."""
        self._ahead.take_in(self.added, self._last_at)

    def miss(self, last: int) -> None:
        """Have the next row follow this number, since the rows up to it are missing: the gap tells of that for good."""
        self._before = replace(self.head(), seq=last)

    def finish(self, bound: str = "") -> None:
        """Add the last row, and with it what the transaction binds; to be called once, at its end."""
        if bound and self._held is None:
            self.head()
            at = self._last_at or datetime.now(UTC)
            self._held = JournalEntry(0, at, BY_ITSELF, Action.CHANGED, BOUND, "", 1, "")
        self._add_held(bound)
        self.put()

    def put(self) -> None:
        """Put the rows that were added into the database: in one statement, before anybody reads them there."""
        rows, self._waiting = self._waiting, []
        if rows:
            prepared.change_all(self._connection, _ADD, rows)

    def _add_held(self, bound: str = "") -> None:
        if self._held is None:
            return
        before = self.added[-1].head if self.added else self.head()
        entry = replace(self._held, seq=before.seq + 1)
        digest = link(self._keyed, before.digest, self._organisation, entry, bound)
        row = {
            "organisation": self._organisation,
            "seq": entry.seq,
            "at": entry.at,
            "actor": entry.actor,
            "action": entry.action.value,
            "what": entry.what,
            "subject": entry.subject,
            "digest": digest,
            "bound": bound,
        }
        self._waiting.append(row)
        self._last_at, self._held = entry.at, None
        self.added.append(AddedRow(Head(entry.seq, digest), entry.what, bound))

    def _told(self, actor: str, action: Action, what: str, subject: str, at: datetime) -> bool:
        self._add_held()
        self.put()
        same = {
            "whose": self._organisation,
            "about": subject,
            "by": actor,
            "deed": action.value,
            "screen": what,
        }
        last = prepared.first(self._connection, _TOLD, same)
        return last is not None and timedelta(0) <= at - last["at"] < REPEAT


def link(keyed: Pseudonyms, before: str, organisation: str, entry: JournalEntry, bound: str) -> str:
    """The keyed digest (52 characters) of a row that follows the digest `before`."""
    return keyed.keyed(organisation, "journal", _hashed([*_held(before, organisation, entry), bound]))


def plain_link(before: str, organisation: str, entry: JournalEntry) -> str:
    """The digest (SHA-256, hexadecimal) that rows had before they were keyed."""
    return _hashed(_held(before, organisation, entry))


def fits(
    keyed: Pseudonyms, before: str, organisation: str, entry: JournalEntry, bound: str, *, plain: bool
) -> bool:
    """Whether a row is as it was written after the digest `before`; `plain` says that it may be of before keys."""
    if plain and len(entry.digest) == PLAIN_LENGTH:
        return not bound and entry.digest == plain_link(before, organisation, entry)
    return entry.digest == link(keyed, before, organisation, entry, bound)


def _held(before: str, organisation: str, entry: JournalEntry) -> list[object]:
    return [
        before,
        organisation,
        entry.seq,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.action.value,
        entry.what,
        entry.subject,
    ]


def _hashed(held: list[object]) -> str:
    return hashlib.sha256(json.dumps(held, separators=(",", ":")).encode()).hexdigest()


def head(connection: Connection, organisation: str) -> Head:
    """The last link of a chain."""
    return _last_link(connection, organisation)[0]


def _last_link(connection: Connection, organisation: str) -> tuple[Head, datetime | None]:
    last = prepared.first(connection, _HEAD, {"whose": organisation})
    if last is None:
        return Head(0, ""), None
    return Head(last["seq"], last["digest"]), last["at"]


def digest_at(connection: Connection, organisation: str, seq: int) -> str | None:
    """The digest of one row of a chain, or None."""
    return connection.scalar(
        select(journal.c.digest).where(journal.c.organisation == organisation, journal.c.seq == seq)
    )


def rows_after(connection: Connection, organisation: str, after: int) -> Iterator[RowMapping]:
    """The rows of a chain with numbers above `after`, in order, as they are kept."""
    asked = {"whose": organisation, "after": after}
    return iter(connection.execute(_AFTER, asked, execution_options={"yield_per": 1000}).mappings())


def has_records(connection: Connection, organisation: str) -> bool:
    """Whether an organisation has settings or anybody in it: founding wrote the first row of its journal."""
    return any(
        connection.execute(select(table.c.id).where(table.c.organisation == organisation).limit(1)).first()
        is not None
        for table in (sites, members)
    )


def entries(connection: Connection, organisation: str, after: int, limit: int) -> list[JournalEntry]:
    """Rows with numbers above `after`, in order."""
    query = select(journal).where(journal.c.organisation == organisation, journal.c.seq > after)
    rows = connection.execute(query.order_by(journal.c.seq).limit(limit)).mappings()
    return [entry_of(row) for row in rows]


def entry_of(row: RowMapping) -> JournalEntry:
    """What a row says. Raises ValueError for an action that nobody knows."""
    action = Action(row["action"])
    return JournalEntry(
        row["seq"], row["at"], row["actor"], action, row["what"], row["subject"], 1, row["digest"]
    )
