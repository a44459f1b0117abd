"""The erasure ledger: what was erased, kept apart so that a restore cannot bring it back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
)

from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import new_id
from trim_bot.storage.durable import NoStore, committed, create_tables, durable_engine, reading, utc_text

metadata = MetaData()

ledger_lines = Table(
    "ledger_lines",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("erasure_id", String(64), nullable=False, index=True),
    Column("organisation", String(64), nullable=False),
    Column("what", String(20), nullable=False),
    Column("record_id", String(64), nullable=False),
    Column("key_ids", Text, nullable=False),
    Column("other_ids", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("at", String(40), nullable=False),
)

ledger_facts = Table(
    "ledger_facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)

_SQLITE = (
    "CREATE TRIGGER ledger_no_{verb} BEFORE {verb} ON ledger_lines "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$; "
    "CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_lines "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
)


@event.listens_for(ledger_lines, "after_create")
def _append_only(_table: Table, connection: Connection, **_rest: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_POSTGRESQL)
    else:
        for verb in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(_SQLITE.format(verb=verb))


class ErasureKind(Enum):
    """What was erased."""

    CASE = "case"
    """A case with all that hangs on it."""
    MEMBER = "member"
    """A member with everything about them."""
    INCIDENT = "incident"
    """An incident with its exposures and offers."""
    REQUEST = "request"
    """A support request that never became a case."""


class LineState(Enum):
    """How far an erasure has come."""

    BEGUN = "begun"
    """It must be carried through, also after a crash or a restore."""
    DONE = "done"
    """Keys and rows are gone from the running system."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure, in opaque ids alone. `done_at` is None until it has been carried through (times UTC).

    `other_ids` are rows that can be found only while the keys live: a member's reporting lines.
    """

    id: str
    organisation: str
    what: ErasureKind
    record_id: str
    key_ids: tuple[str, ...]
    other_ids: tuple[str, ...]
    begun_at: datetime
    done_at: datetime | None = None


class OtherLedger(SafeError):
    """This is not the ledger that belongs to the data, or lines of it are missing."""

    def __init__(self) -> None:
        super().__init__("This is not the whole erasure ledger of this data")


class ErasureLedger:
    """Append-only lines in SQLite or PostgreSQL; the database itself refuses to change or delete one.

    Every call is durable when it returns and raises `StoreUnavailable` when the database cannot answer.
    `create=False` refuses, with `NoStore`, a database that holds no ledger.
    """

    def __init__(self, url: str, *, create: bool = True) -> None:
        self._engine = durable_engine(url, create=create)
        if create:
            create_tables(self._engine, metadata)
        elif not self._is_there():
            self._engine.dispose()
            raise NoStore
        self.id = self._own_id()
        """Tells this ledger from any other, so that a backup can name the one it needs."""

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def begin(
        self,
        organisation: str,
        what: ErasureKind,
        record_id: str,
        key_ids: Sequence[str],
        at: datetime,
        other_ids: Sequence[str] = (),
    ) -> Erasure:
        """Write that an erasure begins; from here on it will be carried through. `at` is aware."""
        [erasure] = self.begin_all(organisation, what, [(record_id, key_ids)], at, other_ids)
        return erasure

    def begin_all(
        self,
        organisation: str,
        what: ErasureKind,
        records: Sequence[tuple[str, Sequence[str]]],
        at: datetime,
        other_ids: Sequence[str] = (),
    ) -> list[Erasure]:
        """The same for several records that go together, each with its keys: all are written, or none is."""
        erasures = [
            Erasure(new_id(), organisation, what, id, tuple(keys), tuple(other_ids), at)
            for id, keys in records
        ]
        self._write(erasures, LineState.BEGUN, at)
        return erasures

    def finish(self, erasure: Erasure, at: datetime) -> None:
        """Write that an erasure was carried through. `at` is aware."""
        self._write([erasure], LineState.DONE, at)

    def unfinished(self) -> list[Erasure]:
        """Erasures that were begun and not carried through, oldest first."""
        return [erasure for erasure in self.erasures() if erasure.done_at is None]

    def erasures(self) -> list[Erasure]:
        """Every erasure ever begun, oldest first."""
        known: dict[str, Erasure] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(select(ledger_lines).order_by(ledger_lines.c.seq)).mappings():
                at = datetime.fromisoformat(row["at"])
                begun = known.get(row["erasure_id"])
                done = LineState(row["state"]) is LineState.DONE
                known[row["erasure_id"]] = Erasure(
                    id=row["erasure_id"],
                    organisation=row["organisation"],
                    what=ErasureKind(row["what"]),
                    record_id=row["record_id"],
                    key_ids=tuple(json.loads(row["key_ids"])),
                    other_ids=tuple(json.loads(row["other_ids"])),
                    begun_at=begun.begun_at if begun else at,
                    done_at=at if done else None,
                )
        return list(known.values())

    def lines(self) -> int:
        """How many lines there are; it only ever grows."""
        with reading(self._engine) as connection:
            return connection.scalar(select(func.count()).select_from(ledger_lines)) or 0

    def must_be(self, ledger_id: str, lines: int) -> None:
        """Check that this is that ledger with at least so many lines. Raises `OtherLedger`."""
        if self.id != ledger_id or self.lines() < lines:
            raise OtherLedger

    def fact(self, name: str) -> str | None:
        """A short text that the ledger knows of itself, or None."""
        with reading(self._engine) as connection:
            return connection.scalar(select(ledger_facts.c.value).where(ledger_facts.c.name == name))

    def note_fact(self, name: str, value: str) -> None:
        """Keep it, in place of what stood there."""
        with committed(self._engine) as connection:
            connection.execute(delete(ledger_facts).where(ledger_facts.c.name == name))
            connection.execute(insert(ledger_facts).values(name=name, value=value))

    def _write(self, erasures: Sequence[Erasure], state: LineState, at: datetime) -> None:
        with committed(self._engine) as connection:
            for erasure in erasures:
                connection.execute(
                    insert(ledger_lines).values(
                        erasure_id=erasure.id,
                        organisation=erasure.organisation,
                        what=erasure.what.value,
                        record_id=erasure.record_id,
                        key_ids=json.dumps(erasure.key_ids),
                        other_ids=json.dumps(erasure.other_ids),
                        state=state.value,
                        at=utc_text(at),
                    )
                )

    def _is_there(self) -> bool:
        with reading(self._engine) as connection:
            names: set[str] = set(inspect(connection).get_table_names())
            return ledger_lines.name in names

    def _own_id(self) -> str:
        query = select(ledger_facts.c.value).where(ledger_facts.c.name == "id")
        with committed(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE ledger_facts IN EXCLUSIVE MODE")
            held = connection.scalar(query)
            if held is None:
                held = new_id()
                connection.execute(insert(ledger_facts).values(name="id", value=held))
            return str(held)
