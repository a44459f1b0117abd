"""One transaction of one organisation: finds, keeps and drops records, sealing and opening as it goes: one file
with what it has read already, which holds only as long as each change here is noted there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import ParamSpec, TypeVar, cast

from sqlalchemy import Connection

from trim_bot.app.seam.ports import Last
from trim_bot.domain.errors import RecordAltered
from trim_bot.domain.ids import KeyId, OrganisationId, RecordType, record_type
from trim_bot.domain.people import Grant, Joined, ReportingLine
from trim_bot.domain.records import AnyMeasure, Session
from trim_bot.domain.revocations import DROPPED, WRITTEN_WHEN_ADDED, revocable_state
from trim_bot.domain.unused_keys import KeyGone
from trim_bot.storage import prepared
from trim_bot.storage.binding import BoundRows
from trim_bot.storage.bound_register import BoundRegister, Report
from trim_bot.storage.errors import NoSuchRecord, NotSearchable, NotStorable
from trim_bot.storage.journal import Ahead, Head, SqlJournal
from trim_bot.storage.ledger.revocation_lines import RevocationDigests, TransactionRevocations
from trim_bot.storage.records.rows import (
    Match,
    Shape,
    search,
    searched,
    shape_of,
    statements_for,
    storable,
    tally,
    to_line,
    to_record,
    to_row,
    values_of,
)
from trim_bot.storage.records.sealing import SealingSession
from trim_bot.storage.status_figures import SqlCounts, Tally

R = TypeVar("R")
L = TypeVar("L")
K = TypeVar("K", bound=str)
P = ParamSpec("P")
_Question = tuple[object, ...]


class SeenRecords:
    """Records by id, and answers to searches; both until a record of their kind is changed in the transaction.

    Safe because a transaction is alone in writing its organisation, or reads one snapshot.
    """

    def __init__(self) -> None:
        self._records: dict[tuple[type[object], str], object] = {}
        self._answers: defaultdict[type[object], dict[_Question, list[object]]] = defaultdict(dict)

    def one(self, kind: type[R], id: str) -> R | None:
        """The record, if it was read before."""
        return cast("R | None", self._records.get((kind, id)))

    def note(self, kind: type[object], records: Iterable[object]) -> None:
        """Keep records that were just read."""
        for record in records:
            self._records[kind, str(getattr(record, "id"))] = record  # noqa: B009 (every record has one)

    def answer(self, kind: type[R], query: object, values: Mapping[str, object]) -> list[R] | None:
        """What a search with these values found before, or None if it was not asked."""
        found = self._answers[kind].get(_question(query, values))
        return None if found is None else cast("list[R]", list(found))

    def keep_answer(self, kind: type[R], query: object, values: Mapping[str, object], found: list[R]) -> None:
        """Keep what a search found, and each record that it found."""
        self._answers[kind][_question(query, values)] = list(found)
        self.note(kind, found)

    def changed(self, kind: type[object], id: str) -> None:
        """A record of this kind is added, replaced or deleted: what was found among them may be so no longer."""
        self._records.pop((kind, id), None)
        self._answers.pop(kind, None)


class NothingSeen(SeenRecords):
    """Keeps nothing, for transactions whose rows are changed behind their back."""

    def note(self, kind: type[object], records: Iterable[object]) -> None:
        """Let them go at once."""

    def keep_answer(self, kind: type[R], query: object, values: Mapping[str, object], found: list[R]) -> None:
        """Let it go at once."""


def _question(query: object, values: Mapping[str, object]) -> _Question:
    """A search as something that can be looked up; statements are built once, so each is itself."""
    given = (tuple(value) if isinstance(value, list) else value for value in values.values())
    return (query, *given)


class SqlTx:
    """Implements the port `Tx` on one connection, for one organisation."""

    def __init__(
        self,
        connection: Connection,
        organisation: OrganisationId,
        seals: SealingSession,
        register: BoundRegister,
        known: Head,
        report: Report,
        *,
        enforced: bool = True,
        ahead: Ahead | None = None,
    ) -> None:
        """`register`, `known`, `report` and `enforced` are as `BoundRows` takes them, `ahead` as `SqlJournal`."""
        self.organisation = organisation
        self._connection = connection
        self._dialect = connection.dialect.name
        self._seals = seals
        self._journal = SqlJournal(connection, organisation, register.keyed, ahead)
        self.bound = BoundRows(connection, self._journal, register, known, report, enforced=enforced)
        """Compares rows with what the journal says they are now, and binds those that are written."""
        self._report, self._ref = report, register.ref
        self._seen = SeenRecords()
        self._revocations = TransactionRevocations()
        self.is_bare = False
        """Whether somebody was given the connection, and may have changed rows behind this object."""

    def get(self, kind: RecordType[K, P, R], id: K) -> R | None:
        """The record, or None; also None when its key has been destroyed, and for a session that nobody signed in to.

        Raises RecordAltered for one that is not as it was written, does not open, or was taken out.
        A gesture asks for the same few records many times: each is read once until it is changed here.
        """
        return self._get(record_type(kind), id)

    def _get(self, kind: type[R], id: str) -> R | None:
        if not storable(id):
            return None
        seen = self._seen.one(kind, id)
        if seen is not None:
            return seen
        shape = shape_of(kind)
        read = statements_for(shape.table).read
        row = prepared.first(self._connection, read, self._place(id))
        unlike = self.bound.lacks(shape.table, id) if row is None else not self.bound.fits(shape.table, row)
        if unlike and kind is not Session:
            raise RecordAltered(shape.table.name)
        record = None if row is None or unlike else self._opened(shape, row)
        if record is not None:
            self._seen.note(kind, [record])
        return cast("R | None", record)

    def find(
        self, kind: type[R], /, *, order_by: str = "id", limit: int | None = None, **where: object
    ) -> list[R]:
        """Records whose open or keyed fields equal what is given; a tuple means any of these.

        Empty optional fields sort first. Those whose key has been destroyed are left out, after `limit`, and so are
        those that are not as they were written or do not open.
        What was asked before is answered again until a record of this kind is changed here.
        Raises NotSearchable for a sealed field.
        """
        if kind is ReportingLine and (lines := self._lines(**where)) is not None:
            return cast("list[R]", lines)
        shape = shape_of(kind)
        field = order_by.removeprefix("-")
        if field not in shape.plain:
            raise NotSearchable(field)
        matches, values = self._matches(shape, where)
        query = search(shape.table, matches, order_by, self._dialect, limited=limit is not None)
        values["of_limit"] = limit
        seen = self._seen.answer(kind, query, values)
        if seen is not None:
            return seen
        kept = prepared.rows(self._connection, query, values)
        rows = [row for row in kept if self.bound.fits(shape.table, row)]
        if shape.sealed:
            self._seals.need(row["key_id"] for row in rows)
        found = cast("list[R]", list(self._that_open(shape, rows)))
        self._seen.keep_answer(kind, query, values, found)
        return found

    def get_many(self, kind: RecordType[K, P, R], ids: Iterable[K]) -> dict[K, R]:
        """The records with these ids, by id; those that are not there are left out. One statement however many."""
        of = record_type(kind)
        asked = dict.fromkeys(id for id in ids if storable(id))
        unseen = tuple(id for id in asked if self._seen.one(of, id) is None)
        read = {str(getattr(one, "id")): one for one in self.find(of, id=unseen)} if unseen else {}  # noqa: B009
        found = {id: read.get(id) or self._seen.one(of, id) for id in asked}
        return {id: record for id, record in found.items() if record is not None}

    def lines(self, line: type[L], of: type[object], /, last: Last | None = None, **where: object) -> list[L]:
        """Some open fields of what is found, each time afresh; by id, or the `last` first. No record is opened.

        Those whose key has been destroyed are among them until they are gone. Raises NotSearchable for a sealed field.
        """
        shape, (field, limit) = shape_of(of), last or ("id", None)
        if field not in shape.plain:
            raise NotSearchable(field)
        matches, values = self._matches(shape, where)
        order = field if last is None else f"-{field}"
        query = search(shape.table, matches, order, self._dialect, limited=limit is not None)
        kept = self._connection.execute(query, {**values, "of_limit": limit}).mappings().all()
        return [to_line(shape, line, row) for row in kept if self.bound.fits(shape.table, row)]

    def tally(self, kind: type[object], by: str, /, **where: object) -> dict[str, int]:
        """How many records equal what is given, by the value of one open field. No record is opened.

        Those whose key has been destroyed count until they are gone. Raises NotSearchable for a sealed field.
        """
        shape = shape_of(kind)
        if by not in shape.plain:
            raise NotSearchable(by)
        matches, values = self._matches(shape, where)
        query = tally(shape.table, matches, by, self._dialect)
        return {str(row[by]): int(row["n"]) for row in prepared.rows(self._connection, query, values)}

    def add(self, record: object) -> None:
        """Insert a new record. The transaction ends in RecordExists when its id is taken."""
        shape = shape_of(type(record))
        row = self._row(shape, record)
        self._seen.changed(type(record), str(row["id"]))
        insert = statements_for(shape.table).insert
        prepared.change(self._connection, insert, {"organisation": self.organisation, **row})
        self.bound.bind(shape.table, row)
        if isinstance(record, (*WRITTEN_WHEN_ADDED, Joined)):
            self._revocations.added(record, revocable_state(record))

    def save(self, record: object) -> None:
        """Replace the record of this type and id. Raises NoSuchRecord."""
        shape = shape_of(type(record))
        row = self._row(shape, record)
        id = str(row["id"])
        after = revocable_state(record)
        before = self._get(type(record), id) if after else None
        if before is not None:
            self._revocations.saved(revocable_state(before), after)
        self._seen.changed(type(record), id)
        values = {**self._place(id), **row}
        del values["id"]
        if prepared.change(self._connection, statements_for(shape.table).replace, values) == 0:
            raise NoSuchRecord
        self.bound.bind(shape.table, row)

    def drop(self, kind: RecordType[K, P, R], id: K) -> None:
        """Delete one record; nothing happens if it is not there."""
        of = record_type(kind)
        if storable(id):
            dropped = self._get(of, id) if of in DROPPED else None
            self._seen.changed(of, id)
            table = shape_of(of).table
            prepared.change(self._connection, statements_for(table).delete, self._place(id))
            self.bound.forget(table, [id])
            if dropped is not None and not self._held_otherwise(dropped):
                self._revocations.dropped(revocable_state(dropped))

    def taken_back(self) -> list[RevocationDigests]:
        """What this transaction takes back or gives again, as lines for the ledger."""
        if not self._revocations:
            return []
        return self._revocations.digests(self.keyed, self._former_selves)

    def new_key(self) -> KeyId:
        """A fresh data key, already kept in the key store."""
        return self._seals.take()

    def pseudonym(self, key_id: KeyId, of: str) -> str:
        """The name under which the journal knows `of`. Raises KeyGone once the key is destroyed."""
        return self._seals.pseudonym(key_id, of)

    def keyed(self, purpose: str, text: str) -> str:
        """Keyed digest of a text for this organisation and purpose."""
        return self._seals.keyed(purpose, text)

    def count(self, measure: AnyMeasure, on: date, by: int = 1) -> None:
        """Raise a kept figure, for the week and the quarter of a day."""
        Tally(self._connection, self.organisation, self.bound).add(measure, on, by)

    @property
    def connection(self) -> Connection:
        """The open transaction, for storage's own work on rows whose keys are gone.

        Whoever has it may change rows behind this object, so nothing is remembered any longer.
        """
        self._seen, self.is_bare = NothingSeen(), True
        return self._connection

    @property
    def counts(self) -> SqlCounts:
        """The kept figures of this organisation, read and raised in this transaction."""
        return SqlCounts(self._connection, self.organisation, self.bound)

    @property
    def in_doubt(self) -> bool:
        """Whether the journal of this organisation is known not to be whole."""
        return self.bound.in_doubt

    @property
    def journal(self) -> SqlJournal:
        """The journal of this organisation, written in this transaction."""
        return self._journal

    def _lines(self, **where: object) -> list[ReportingLine] | None:
        """Reporting lines from memory, by id, which whoever takes one out of the database does not reach."""
        wanted = {name: value if isinstance(value, tuple) else (value,) for name, value in where.items()}
        if not wanted.keys() <= {"person", "manager"}:
            return None
        ends = [str(one) for values in wanted.values() for one in values]
        held = self.bound.lines(ends)
        if held is None:
            return None
        return [
            line for line in held if all(getattr(line, name) in values for name, values in wanted.items())
        ]

    def _held_otherwise(self, dropped: object) -> bool:
        """Whether another record gives the same still, as after two of one role became one."""
        if not isinstance(dropped, Grant):
            return False
        return bool(self.find(Grant, member_id=dropped.member_id, role=dropped.role, limit=1))

    def _former_selves(self, member_id: str) -> list[str]:
        return [joined.id for joined in self.find(Joined, member_id=member_id)]

    def _place(self, id: str) -> dict[str, object]:
        return {"of_organisation": self.organisation, "of_id": id}

    def _row(self, shape: Shape, record: object) -> dict[str, object]:
        row = to_row(shape, record, self._seals)
        if not all(storable(value) for value in row.values()):
            raise NotStorable
        return row

    def _that_open(self, shape: Shape, rows: Iterable[prepared.Row]) -> Iterator[object]:
        """One that was spoilt stands still alone: it must not close whatever reads the others."""
        for row in rows:
            with suppress(RecordAltered):
                record = self._opened(shape, row)
                if record is not None:
                    yield record

    def _opened(self, shape: Shape, row: prepared.Row) -> object | None:
        try:
            return to_record(shape, row, self._seals)
        except KeyGone:
            return None
        except (RecordAltered, NotStorable):
            # Not every sealed value is bound: what was spoilt there counts for no more than a row that does not fit.
            self._report(self.organisation, shape.table.name, self._ref(shape.table, str(row["id"])))
        raise RecordAltered(shape.table.name)

    def _matches(
        self, shape: Shape, where: Mapping[str, object]
    ) -> tuple[tuple[Match, ...], dict[str, object]]:
        """The conditions of a search, and the values it is run with."""
        given: dict[str, object] = {"of_organisation": self.organisation}
        matches: list[Match] = []
        for name, value in where.items():
            match, values = self._match(shape, name, value)
            given[match.name] = values_of(shape.table, match, values, self._dialect)
            matches.append(match)
        return tuple(matches), given

    def _match(self, shape: Shape, field: str, value: object) -> tuple[Match, list[object]]:
        if field not in shape.keyed and field not in shape.plain:
            raise NotSearchable(field)
        wanted = value if isinstance(value, tuple) else (value,)
        column = shape.keyed.get(field, field)
        kept = [searched(shape, field, one, self._seals) for one in wanted]
        values = [one for one in kept if one is not None and storable(one)]
        return Match(column, f"by_{field}", many=len(values) != 1, empty=None in kept), values
