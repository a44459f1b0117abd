"""Reads what stands in the stores, past the desk and its code: open columns only, in the fewest questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

OPEN = ("waiting", "told")
_OPEN = "state IN ('waiting', 'told')"


class Row:
    """One row, by name of column; a time becomes one when it is asked for."""

    __slots__ = ("_names", "_row")

    def __init__(self, names: Mapping[str, int], row: Sequence[Any]) -> None:
        self._names = names
        self._row = row

    def __getattr__(self, name: str) -> Any:
        value = self._row[self._names[name]]
        return instant(value) if name.endswith("_at") and value is not None else value


@dataclass(frozen=True, slots=True)
class Facts:
    """All open columns of what matters to somebody, of one moment."""

    steps: Mapping[str, Row]
    outgoing: Mapping[str, Row]
    cases: Mapping[str, Row]
    check_ins: Mapping[str, Row]
    offers: Mapping[str, Row]
    requests: Mapping[str, Row]
    members: Mapping[str, Row]
    grants: Mapping[str, Row]
    head: tuple[int, str]
    """The newest link of the journal."""


COLUMNS = {
    "steps": (
        "step",
        "id kind subject case_id state rung holder opens_at due_at",
        f"{_OPEN} OR kind = 'safety'",
    ),
    "outgoing": ("outgoing", "id kind member_id state due_at", "state = 'queued'"),
    "cases": ("support_case", "id member_id programme state holder cover", ""),
    "check_ins": ("check_in", "id case_id stage state opens_at due_at closes_at agreed_at held_at", ""),
    "offers": ("offer", "id incident_id member_id programme state case_id answered_at offered_again", ""),
    "requests": ("support_request", "id state member_id taken_by case_id", ""),
    "members": ("member", 'id messages_stopped "left" availability', ""),
    "grants": ("role_grant", "id member_id role", ""),
}
"""Of each table: its name, the columns that are read, and which rows."""
_NAMES = {
    name: {column.strip('"'): index for index, column in enumerate(columns.split())}
    for name, (_, columns, _) in COLUMNS.items()
}


def read(engine: Engine) -> Facts:
    """Everything that stands now."""
    with engine.connect() as connection:
        rows = {name: _rows(connection, name) for name in COLUMNS}
        return Facts(head=_head(connection), **rows)


def next_due(engine: Engine) -> datetime | None:
    """When the clock has something to do next: the soonest due or freed of what is open."""
    soonest: list[Any] = []
    with engine.connect() as connection:
        for table, state in (("step", _OPEN), ("outgoing", "state = 'queued'")):
            later = "CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END"
            query = f"SELECT min({later}) FROM {table} WHERE {state}"  # noqa: S608 - fixed words
            soonest.append(connection.exec_driver_sql(query).scalar())
    return min((instant(one) for one in soonest if one is not None), default=None)


def _rows(connection: Connection, name: str) -> dict[str, Row]:
    table, columns, which = COLUMNS[name]
    where = f" WHERE {which}" if which else ""
    query = f"SELECT {', '.join(columns.split())} FROM {table}{where}"  # noqa: S608 - fixed words
    names = _NAMES[name]
    return {row[0]: Row(names, row) for row in connection.exec_driver_sql(query).fetchall()}


def _head(connection: Connection) -> tuple[int, str]:
    row = connection.execute(text("SELECT seq, digest FROM journal ORDER BY seq DESC LIMIT 1")).first()
    return (0, "") if row is None else (int(row[0]), str(row[1]))


def instant(value: Any) -> datetime:
    """A time as the database keeps it: aware on PostgreSQL, text in UTC on SQLite."""
    when = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return when.astimezone(UTC) if when.tzinfo is not None else when.replace(tzinfo=UTC)


def head(engine: Engine) -> tuple[int, str]:
    """The newest link of the journal."""
    with engine.connect() as connection:
        return _head(connection)


def link(engine: Engine, seq: int) -> str | None:
    """The digest of one link of the journal."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT digest FROM journal WHERE seq = :seq"), {"seq": seq}).first()
    return None if found is None else str(found[0])


def asked_to_be_erased(engine: Engine) -> set[str]:
    """The members whose wish to be erased stands."""
    with engine.connect() as connection:
        return {str(row[0]) for row in connection.execute(text("SELECT member_id FROM erasure_asked"))}
