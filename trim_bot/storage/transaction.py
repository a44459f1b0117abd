"""One transaction of one organisation: finds, keeps and drops records, sealing and opening as it goes."""

from __future__ import annotations

from datetime import date
from typing import TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.engine import RowMapping

from trim_bot.domain.ids import KeyId, OrganisationId
from trim_bot.domain.people import Grant, Joined
from trim_bot.domain.records import Measure
from trim_bot.domain.revocations import DROPPED, WRITTEN_WHEN_ADDED, revocable_state
from trim_bot.domain.unused_keys import KeyGone
from trim_bot.storage.errors import NoSuchRecord, NotSearchable, NotStorable
from trim_bot.storage.journal import SqlJournal
from trim_bot.storage.ledger.revocations import RevocationDigests, TransactionRevocations
from trim_bot.storage.records.rows import Shape, searched, shape_of, storable, to_record, to_row
from trim_bot.storage.records.sealing import SealingSession
from trim_bot.storage.records.statements import Match, search, statements_for
from trim_bot.storage.status_figures import SqlCounts, Tally

R = TypeVar("R")


class _NothingKept(dict[tuple[type[object], str], object]):
    """A place for records already read that keeps none, for transactions that write."""

    def __setitem__(self, key: tuple[type[object], str], value: object) -> None:
        """Let it go at once."""


class SqlTx:
    """Implements the port `Tx` on one connection, for one organisation."""

    def __init__(self, connection: Connection, organisation: OrganisationId, seals: SealingSession) -> None:
        self.organisation = organisation
        self._connection = connection
        self._seals = seals
        self._journal = SqlJournal(connection, organisation)
        self._read: dict[tuple[type[object], str], object] = {}
        self._revocations = TransactionRevocations()

    def get(self, kind: type[R], id: str) -> R | None:
        """The record, or None; also None when its key has been destroyed.

        A gesture asks for the same few records many times: each is read once until it is changed here.
        """
        if not storable(id):
            return None
        if (kind, id) not in self._read:
            shape = shape_of(kind)
            read = statements_for(shape.table).read
            row = self._connection.execute(read, self._place(id)).mappings().first()
            record = None if row is None else self._opened(shape, row)
            if record is None:
                return None
            self._read[kind, id] = record
            return cast(R, record)
        return cast(R, self._read[kind, id])

    def find(
        self, kind: type[R], /, *, order_by: str = "id", limit: int | None = None, **where: object
    ) -> list[R]:
        """Records whose open or keyed fields equal what is given; a tuple means any of these.

        Empty optional fields sort first. Those whose key has been destroyed are left out, after `limit`.
        Raises NotSearchable for a sealed field.
        """
        shape = shape_of(kind)
        field = order_by.removeprefix("-")
        if field not in shape.plain:
            raise NotSearchable(field)
        matches: list[Match] = []
        values: dict[str, object] = {"of_organisation": self.organisation, "of_limit": limit}
        for name, value in where.items():
            match, values[f"by_{name}"] = self._match(shape, name, value)
            matches.append(match)
        query = search(shape.table, tuple(matches), order_by, limit is not None)
        rows = self._connection.execute(query, values).mappings().all()
        if shape.sealed:
            self._seals.need(row["key_id"] for row in rows)
        found = (self._opened(shape, row) for row in rows)
        return cast("list[R]", [record for record in found if record is not None])

    def add(self, record: object) -> None:
        """Insert a new record. The transaction ends in RecordExists when its id is taken."""
        shape = shape_of(type(record))
        row = self._row(shape, record)
        self._connection.execute(
            statements_for(shape.table).insert, {"organisation": self.organisation, **row}
        )
        if isinstance(record, (*WRITTEN_WHEN_ADDED, Joined)):
            self._revocations.added(record, revocable_state(record))

    def save(self, record: object) -> None:
        """Replace the record of this type and id. Raises NoSuchRecord."""
        shape = shape_of(type(record))
        row = self._row(shape, record)
        id = str(row.pop("id"))
        after = revocable_state(record)
        before = self.get(type(record), id) if after else None
        if before is not None:
            self._revocations.saved(revocable_state(before), after)
        self._read.pop((type(record), id), None)
        place = self._place(id)
        if self._connection.execute(statements_for(shape.table).replace, {**place, **row}).rowcount == 0:
            raise NoSuchRecord

    def drop(self, kind: type[object], id: str) -> None:
        """Delete one record; nothing happens if it is not there."""
        if storable(id):
            dropped = self.get(kind, id) if kind in DROPPED else None
            self._read.pop((kind, id), None)
            self._connection.execute(statements_for(shape_of(kind).table).delete, self._place(id))
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

    def count(self, measure: Measure, on: date, by: int = 1) -> None:
        """Raise a kept figure, for the week and the quarter of a day."""
        Tally(self._connection, self.organisation).add(measure, on, by)

    @property
    def connection(self) -> Connection:
        """The open transaction, for storage's own work on rows whose keys are gone.

        Whoever has it may change rows behind this object, so nothing is remembered any longer.
        """
        self._read = _NothingKept()
        return self._connection

    @property
    def counts(self) -> SqlCounts:
        """The kept figures of this organisation, read and raised in this transaction."""
        return SqlCounts(self._connection, self.organisation)

    @property
    def journal(self) -> SqlJournal:
        """The journal of this organisation, written in this transaction."""
        return self._journal

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

    def _opened(self, shape: Shape, row: RowMapping) -> object | None:
        try:
            return to_record(shape, row, self._seals)
        except KeyGone:
            return None

    def _match(self, shape: Shape, field: str, value: object) -> tuple[Match, object]:
        if field not in shape.keyed and field not in shape.plain:
            raise NotSearchable(field)
        wanted = value if isinstance(value, tuple) else (value,)
        column = shape.keyed.get(field, field)
        kept = [searched(shape, field, one, self._seals) for one in wanted]
        values = [one for one in kept if one is not None and storable(one)]
        many = len(values) != 1
        match = Match(column, f"by_{field}", many=many, empty=None in kept)
        return match, values if many else values[0]
