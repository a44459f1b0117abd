"""One transaction of one organisation: finds, keeps and drops records, sealing and opening as it goes: one file, since
what it read answers for the database only as long as every change goes past it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import ParamSpec, TypeVar, cast

from sqlalchemy import Connection, Executable, Table

from trim_bot.app.seam.ports import Last
from trim_bot.domain.cases import Case, CheckIn, Interview
from trim_bot.domain.errors import RecordAltered
from trim_bot.domain.ids import KeyId, OrganisationId, RecordType, record_type
from trim_bot.domain.incidents import Exposure, Incident, Offer
from trim_bot.domain.people import Grant, Joined, ReportingLine
from trim_bot.domain.records import AnyMeasure, Session
from trim_bot.domain.referrals import Referral
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.revocations import DROPPED, WRITTEN_WHEN_ADDED, revocable_state
from trim_bot.domain.site import Organisation
from trim_bot.domain.unused_keys import KeyGone
from trim_bot.storage import organisations, prepared
from trim_bot.storage.binding import BoundRows
from trim_bot.storage.bound_register import BoundRegister, Report
from trim_bot.storage.errors import NoSuchRecord, NotSearchable, NotStorable
from trim_bot.storage.journal import Ahead, Head, SqlJournal
from trim_bot.storage.ledger.revocation_lines import RevocationDigests, TransactionRevocations
from trim_bot.storage.records.in_memory import as_read, columns_of, in_order
from trim_bot.storage.records.pending_writes import PendingWrites
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
from trim_bot.storage.records.seen import NothingSeen, SeenRecords, Values
from trim_bot.storage.status_figures import SqlCounts, Tally

R = TypeVar("R")
L = TypeVar("L")
K = TypeVar("K", bound=str)
P = ParamSpec("P")
_DRAWN = frozenset({Case, CheckIn, Exposure, Incident, Interview, Offer, Referral, SupportRequest})
"""Kinds whose ids are drawn when they are made, and under which nothing is made again."""


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
        self._waiting: PendingWrites | None = PendingWrites(connection, organisation)
        self._raised: Counter[tuple[AnyMeasure, date]] = Counter()
        self._revocations = TransactionRevocations()
        self.is_bare = False
        """Whether somebody was given the connection, and may have changed rows behind this object."""
        self.written: set[tuple[type[object], bool]] = set()
        """Of which kinds records were written, and whether new ones."""

    def get(self, kind: RecordType[K, P, R], id: K) -> R | None:
        """The record, or None; also None when its key has been destroyed, and for a session that nobody signed in to.

        Raises RecordAltered for one that is not as it was written, does not open, or was taken out.
        A gesture asks for the same few records many times: each is read once until it is changed here.
        """
        return self._get(record_type(kind), id)

    def _get(self, kind: type[R], id: str) -> R | None:
        if not storable(id):
            return None
        if (seen := self._seen.one(kind, id)) is not None:
            return seen
        shape = shape_of(kind)
        row = None
        if not self._seen.has_no_row(kind, id):
            row = prepared.first(self._connection, statements_for(shape.table).read, self._place(id))
        unlike = self.bound.lacks(shape.table, id) if row is None else not self.bound.fits(shape.table, row)
        if unlike and kind is not Session:
            raise RecordAltered(shape.table.name)
        record = None if row is None or unlike else self._opened(shape, row)
        if record is not None:
            self._seen.note(kind, [record])
        elif row is None:
            self._seen.note_missing(kind, id)
        return cast("R | None", record)

    def find(
        self, kind: type[R], /, *, order_by: str = "id", limit: int | None = None, **where: object
    ) -> list[R]:
        """Records whose open or keyed fields equal what is given; a tuple means any of these.

        Empty optional fields sort first. Those whose key has been destroyed are left out, after `limit`, and so are
        those that are not as they were written or do not open.
        What was asked before, or is part of that, is answered from what was found then, with all changes since.
        Raises NotSearchable for a sealed field.
        """
        if kind is ReportingLine and (lines := self._lines(**where)) is not None:
            return cast("list[R]", lines)
        question = (order_by, limit, *where.items())
        if (seen := self._seen.answer(kind, question)) is not None:
            return seen
        shape = shape_of(kind)
        field = order_by.removeprefix("-")
        if field not in shape.plain:
            raise NotSearchable(field)
        matches, values, wanted = self._matches(shape, where)
        column = columns_of(shape, self._seals)
        known = self._seen.among(kind, wanted, column)
        if known is not None:
            found = in_order(known, order_by)[:limit]
        else:
            query = search(shape.table, matches, order_by, self._dialect, limited=limit is not None)
            read, whole = self._read(shape, query, values | {"of_limit": limit})
            found = cast("list[R]", read)
        self._seen.keep_answer(kind, question, found)
        if known is None and limit is None:
            self._seen.keep_all(kind, wanted, column, found, whole=whole)
        return found

    def _read(
        self, shape: Shape, query: Executable, values: Mapping[str, object]
    ) -> tuple[list[object], bool]:
        """The records of a search, from the database, and whether they are all of its rows."""
        self._write([shape.table])
        kept = prepared.rows(self._connection, query, values)
        rows = [row for row in kept if self.bound.fits(shape.table, row)]
        if shape.sealed:
            self._seals.need(row["key_id"] for row in rows)
        found = list(self._that_open(shape, rows))
        return found, len(found) == len(kept)

    def get_many(self, kind: RecordType[K, P, R], ids: Iterable[K]) -> dict[K, R]:
        """The records with these ids, by id; those that are not there are left out. One statement however many."""
        of = record_type(kind)
        found = {id: self._seen.one(of, id) for id in ids}
        if unseen := tuple(id for id, record in found.items() if record is None and storable(id)):
            self.find(of, id=unseen)
            found |= {id: self._seen.one(of, id) for id in unseen}
        return {id: record for id, record in found.items() if record is not None}

    def lines(self, line: type[L], of: type[object], /, last: Last | None = None, **where: object) -> list[L]:
        """Some open fields of what is found, each time afresh; by id, or the `last` first. No record is opened.

        Those whose key has been destroyed are among them until they are gone. Raises NotSearchable for a sealed field.
        """
        shape, (field, limit) = shape_of(of), last or ("id", None)
        if field not in shape.plain:
            raise NotSearchable(field)
        self._write([shape.table])
        matches, values, _ = self._matches(shape, where)
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
        matches, values, wanted = self._matches(shape, where)
        told = self._seen.tally(kind, by, wanted, columns_of(shape, self._seals))
        if told is None:
            self._write([shape.table])
            query = tally(shape.table, matches, by, self._dialect)
            told = {str(row[by]): int(row["n"]) for row in prepared.rows(self._connection, query, values)}
            self._seen.keep_tally(kind, by, wanted, told)
        return told

    def add(self, record: object) -> None:
        """Insert a new record. The transaction ends in RecordExists when its id is taken."""
        shape = shape_of(type(record))
        row = self._row(shape, record)
        self.written.add((type(record), True))
        if self._waiting is None:
            values = {"organisation": self.organisation, **row}
            prepared.change(self._connection, statements_for(shape.table).insert, values)
        else:
            self._waiting.add(shape.table, row)
        column = columns_of(shape, self._seals)
        self._seen.added(as_read(shape, record, row), column, drawn=type(record) in _DRAWN)
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
        self.written.add((type(record), False))
        if self._waiting is not None and self._seen.one(type(record), id) is not None:
            self._waiting.save(shape.table, row)
        else:
            values = {**self._place(id), **row}
            del values["id"]
            if prepared.change(self._connection, statements_for(shape.table).replace, values) == 0:
                raise NoSuchRecord
        self._seen.written(as_read(shape, record, row), columns_of(shape, self._seals))
        self.bound.bind(shape.table, row)

    def drop(self, kind: RecordType[K, P, R], id: K) -> None:
        """Delete one record; nothing happens if it is not there."""
        of = record_type(kind)
        if storable(id):
            dropped = self._get(of, id) if of in DROPPED else None
            self.written.add((of, False))
            self._seen.dropped(of, id)
            table = shape_of(of).table
            self._write([table])
            prepared.change(self._connection, statements_for(table).delete, self._place(id))
            self.bound.forget(table, [id])
            if dropped is not None and not self._held_otherwise(dropped):
                self._revocations.dropped(revocable_state(dropped))

    def finish(self) -> None:
        """Write all that was put off, and let the journal bind it; to be called once, at the end."""
        self._write()
        self.bound.finish()

    def is_still(self, organisation: Organisation) -> bool:
        """Whether the organisation of this transaction is as it was looked up: its name, and its workspaces."""
        return organisations.by_id(self._connection, self.organisation) == organisation

    def taken_back(self) -> list[RevocationDigests]:
        """What this transaction takes back or gives again, as lines for the ledger."""
        return self._revocations.digests(self.keyed, self._former_selves) if self._revocations else []

    def new_key(self) -> KeyId:
        """A fresh data key, already kept in the key store."""
        return self._seals.take()

    def expect_keys(self, count: int) -> None:
        """Have so many fresh keys ready, in one round."""
        self._seals.expect(count)

    def pseudonym(self, key_id: KeyId, of: str) -> str:
        """The name under which the journal knows `of`. Raises KeyGone once the key is destroyed."""
        return self._seals.pseudonym(key_id, of)

    def pseudonyms(self, of: Mapping[str, KeyId]) -> list[str]:
        """The same for many, whose keys come in one round."""
        return self._seals.pseudonyms(of)

    def keyed(self, purpose: str, text: str) -> str:
        """Keyed digest of a text for this organisation and purpose."""
        return self._seals.keyed(purpose, text)

    def count(self, measure: AnyMeasure, on: date, by: int = 1) -> None:
        """Raise a kept figure, for the week and the quarter of a day."""
        self._raised[measure, on] += by

    @property
    def connection(self) -> Connection:
        """The open transaction, for storage's own work on rows whose keys are gone.

        Whoever has it may change rows behind this object, so nothing is remembered or put off any longer.
        """
        self._write()
        self._journal.put()
        self._waiting = None
        self._seen, self.is_bare = NothingSeen(), True
        return self._connection

    @property
    def counts(self) -> SqlCounts:
        """The kept figures of this organisation, read and raised in this transaction."""
        self._write()
        return SqlCounts(self._connection, self.organisation, self.bound)

    @property
    def in_doubt(self) -> bool:
        """Whether the journal of this organisation is known not to be whole."""
        return self.bound.in_doubt

    @property
    def journal(self) -> SqlJournal:
        """The journal of this organisation, written in this transaction."""
        return self._journal

    def _write(self, tables: Collection[Table] | None = None) -> None:
        """Write what was put off, of these tables or of all, before anybody reads them."""
        if self._waiting is not None:
            self._waiting.write(tables)
        if tables is None and self._raised:
            raised, self._raised = self._raised, Counter()
            Tally(self._connection, self.organisation, self.bound).add(raised)

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
    ) -> tuple[tuple[Match, ...], dict[str, object], Values]:
        """The conditions of a search, the values it is run with, and what it asks for by field."""
        given: dict[str, object] = {"of_organisation": self.organisation}
        matches: list[Match] = []
        wanted: dict[str, frozenset[object]] = {}
        for name, value in where.items():
            match, values = self._match(shape, name, value)
            given[match.name] = values_of(shape.table, match, values, self._dialect)
            matches.append(match)
            wanted[name] = frozenset((*values, None) if match.empty else values)
        return tuple(matches), given, wanted

    def _match(self, shape: Shape, field: str, value: object) -> tuple[Match, list[object]]:
        if field not in shape.keyed and field not in shape.plain:
            raise NotSearchable(field)
        wanted = value if isinstance(value, tuple) else (value,)
        column = shape.keyed.get(field, field)
        kept = [searched(shape, field, one, self._seals) for one in wanted]
        values = [one for one in kept if one is not None and storable(one)]
        return Match(column, f"by_{field}", many=len(values) != 1, empty=None in kept), values
