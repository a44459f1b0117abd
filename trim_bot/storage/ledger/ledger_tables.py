"""The tables of the ledger and a line of erasure: kept for good, and what was revoked, as long as a backup needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, event

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
"""Erasures. No line is ever changed or removed."""

ledger_digests = Table(
    "ledger_digests",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer, nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
)
"""The chain over the erasures: `n` counts the lines from 1, and each digest holds all before it."""

ledger_takings = Table(
    "ledger_takings",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("organisation", String(64), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("value", String(64), nullable=False),
    Column("token", String(64), nullable=False),
    Column("day", String(10), nullable=False),
    Column("digest", String(64), nullable=False),
)
"""Takings-back, as keyed digests with a day (UTC). The oldest may be pruned; none is changed or taken out between."""

ledger_facts = Table(
    "ledger_facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)

KEPT_FROM = "takings_kept_from"
"""The fact that names the first day (ISO, UTC) of which takings-back are kept. Older ones may be deleted."""

MOVED = "moved_to"
"""The fact that names where the ledger goes on (an address without password); here nothing is written any more."""
NOTE_IN_DATA = "erasure_ledger"
"""The name under which the data keeps the ledger's id and how many lines it was seen to have."""

_APPEND_ONLY = "the ledger is append-only"
_TOO_YOUNG = f"OLD.day >= COALESCE((SELECT value FROM ledger_facts WHERE name = '{KEPT_FROM}'), '')"  # noqa: S608
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_APPEND_ONLY}'; END $$; "
)
_POSTGRESQL_YOUNG = (
    "CREATE OR REPLACE FUNCTION ledger_prune_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF {_TOO_YOUNG} THEN RAISE EXCEPTION '{_APPEND_ONLY}'; END IF; RETURN OLD; END $$; "
    "CREATE TRIGGER ledger_prune_only BEFORE DELETE ON ledger_takings "
    "FOR EACH ROW EXECUTE FUNCTION ledger_prune_only()"
)


def _guard(connection: Connection, table: str, *verbs: str) -> None:
    """See that the database itself refuses these on a table."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f"{_POSTGRESQL}CREATE TRIGGER ledger_append_only BEFORE {' OR '.join(verbs)} OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
        )
        return
    prefix = "ledger" if table == "ledger_lines" else table
    for verb in verbs:
        connection.exec_driver_sql(
            f"CREATE TRIGGER {prefix}_no_{verb} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
        )


def refuse_new_lines(connection: Connection) -> None:
    """Have the database itself refuse every line from now on: the ledger goes on elsewhere."""
    for table in (ledger_lines.name, ledger_digests.name, ledger_takings.name):
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                f"{_POSTGRESQL}CREATE TRIGGER ledger_moved BEFORE INSERT ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
            )
        else:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_moved BEFORE INSERT ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the ledger was moved'); END"
            )


@event.listens_for(ledger_lines, "after_create")
@event.listens_for(ledger_digests, "after_create")
def _append_only(table: Table, connection: Connection, **_rest: object) -> None:
    _guard(connection, table.name, "UPDATE", "DELETE")


@event.listens_for(ledger_takings, "after_create")
def _prune_only(table: Table, connection: Connection, **_rest: object) -> None:
    _guard(connection, table.name, "UPDATE")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_POSTGRESQL_YOUNG)
    else:
        connection.exec_driver_sql(
            f"CREATE TRIGGER ledger_takings_no_DELETE BEFORE DELETE ON ledger_takings WHEN {_TOO_YOUNG} "
            f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
        )


class ErasureKind(Enum):
    """What kind of record an erasure began from."""

    CASE = "case"
    """A case with all that hangs on it."""
    MEMBER = "member"
    """A member with everything about them."""
    INCIDENT = "incident"
    """An incident with its exposures and offers."""
    REQUEST = "request"
    """A support request that never became a case."""
    ORGANISATION = "organisation"
    """An organisation in which nobody ever did anything, with its keys and its journal."""


class LineState(Enum):
    """How far an erasure has come."""

    BEGUN = "begun"
    """It must be carried through, also after a crash or a restore."""
    DONE = "done"
    """Keys and rows are gone from the running system."""
    CALLED_OFF = "called_off"
    """Nothing was taken away, and nothing will be: it counts as never begun."""


@dataclass(frozen=True, slots=True)
class ErasureLine:
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

    @property
    def reaches_backups(self) -> bool:
        """Whether a restore does it again. An organisation may have been in use after a removal that was cut short."""
        return self.what is not ErasureKind.ORGANISATION or self.done_at is not None
