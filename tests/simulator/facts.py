"""Reads what stands in the stores, past the desk and its code: open columns only, in the fewest questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, text

OPEN = ("waiting", "told")
_OPEN = "state IN ('waiting', 'told')"


class Row:
    """One row, by name of column; a time becomes one when it is asked for."""

    def __init__(self, names: Mapping[str, int], row: Sequence[Any]) -> None:
        self._names = names
        self._row = tuple(row)

    def is_as(self, row: Sequence[Any]) -> bool:
        """Whether the same was read again."""
        return self._row == tuple(row)

    def __getattr__(self, name: str) -> Any:
        # Asked for once; from then on it stands in the object itself.
        value = self._row[self._names[name]]
        value = instant(value) if name.endswith("_at") and value is not None else value
        self.__dict__[name] = value
        return value


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
        "id kind subject case_id state rung holder opens_at due_at promised_at",
        f"{_OPEN} OR kind = 'safety'",
    ),
    "outgoing": ("outgoing", "id kind member_id state due_at", "state = 'queued'"),
    "cases": ("support_case", "id member_id programme state holder cover opened_at", ""),
    "check_ins": (
        "check_in",
        "id case_id stage state opens_at due_at closes_at agreed_at held_at exposure",
        "",
    ),
    "offers": (
        "offer",
        "id incident_id member_id programme state closes_at proposed case_id answered_at offered_again",
        "",
    ),
    "requests": (
        "support_request",
        "id state member_id taken_by case_id ended_at answered_at read_at",
        "",
    ),
    "members": ("member", 'id messages_stopped "left" availability', ""),
    "grants": ("role_grant", "id member_id role", ""),
}
"""Of each table: its name, the columns that are read, and which rows."""
_NAMES = {
    name: {column.strip('"'): index for index, column in enumerate(columns.split())}
    for name, (_, columns, _) in COLUMNS.items()
}


class Reader:
    """Reads what stands, and of it only what was written to since the last time."""

    def __init__(self, written: set[str]) -> None:
        """`written` is emptied of the tables that were read anew."""
        self._written = written
        self._rows: dict[str, dict[str, Row]] = {}
        self._head: tuple[int, str] = (0, "")

    def forget(self) -> None:
        """Something else may stand there now."""
        self._rows.clear()

    def read(self, engine: Engine) -> Facts:
        """Everything that stands now."""
        stale = [name for name, (table, *_) in COLUMNS.items() if self._is_stale(name, table)]
        if stale or "journal" in self._written:
            with engine.connect() as connection:
                for name in stale:
                    self._rows[name] = _rows(connection, name, self._rows.get(name, {}))
                self._head = _head(connection)
            self._written.clear()
        return Facts(head=self._head, **self._rows)

    def _is_stale(self, name: str, table: str) -> bool:
        return name not in self._rows or table in self._written


def next_due(engine: Engine) -> datetime | None:
    """When the clock has something to do next: the soonest due or freed of what is open."""
    with engine.connect() as connection:
        [found] = connection.exec_driver_sql(_SOONEST).fetchall()
    return min((instant(one) for one in found if one is not None), default=None)


@dataclass(frozen=True, slots=True)
class Due:
    """What is due, leased or not."""

    steps: bool
    calls: bool
    """Calls for safety."""
    messages: bool
    wishes: bool
    """Whether somebody asked to be erased."""


def due(engine: Engine, now: datetime) -> Due:
    """What the clock has to do at a moment of the machine's clock."""
    with engine.connect() as connection:
        [found] = connection.exec_driver_sql(_DUE).fetchall()
    steps, calls, messages = (one is not None and instant(one) <= now for one in found[:3])
    return Due(steps, calls, messages, wishes=bool(found[3]))


_LATER = "CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END"
_SOONEST = (
    f"SELECT (SELECT min({_LATER}) FROM step WHERE {_OPEN}), "  # noqa: S608 - fixed words
    f"(SELECT min({_LATER}) FROM outgoing WHERE state = 'queued')"
)
_DUE = (
    f"SELECT (SELECT min(due_at) FROM step WHERE {_OPEN}), "  # noqa: S608 - fixed words
    f"(SELECT min(due_at) FROM step WHERE {_OPEN} AND kind = 'safety'), "
    "(SELECT min(due_at) FROM outgoing WHERE state = 'queued'), (SELECT count(*) FROM erasure_asked)"
)


def _rows(connection: Connection, name: str, before: Mapping[str, Row]) -> dict[str, Row]:
    """The rows of a table; one that is as it was before stays the same object."""
    table, columns, which = COLUMNS[name]
    where = f" WHERE {which}" if which else ""
    query = f"SELECT {', '.join(columns.split())} FROM {table}{where}"  # noqa: S608 - fixed words
    names = _NAMES[name]
    found: dict[str, Row] = {}
    for row in connection.exec_driver_sql(query).fetchall():
        known = before.get(row[0])
        found[row[0]] = known if known is not None and known.is_as(row) else Row(names, row)
    return found


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


def ends_of(engine: Engine, steps: Iterable[str]) -> dict[str, str]:
    """How each of these steps has ended, by id; one that is gone is not there."""
    query = text("SELECT id, state FROM step WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
    with engine.connect() as connection:
        return {str(id): str(state) for id, state in connection.execute(query, {"ids": list(steps)})}


def contacts_owed(engine: Engine) -> set[str]:
    """The cases and requests for which somebody was ever asked to get in touch."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT subject FROM step WHERE kind = 'first_contact'"))
        return {str(row[0]) for row in found}


def exposed(engine: Engine) -> set[tuple[str, str]]:
    """By incident and member, everybody who was named as part of an event."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT incident_id, member_id FROM exposure"))
        return {(str(incident), str(member)) for incident, member in rows}


def sentences(engine: Engine) -> dict[str, str]:
    """What is said of each closed week, by week."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, says FROM week_status"))
        return {str(week): str(says) for week, says in rows}
