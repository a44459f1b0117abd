"""What each database says of how it would answer a statement, as ways into tables, and which of them read too much."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from trim_bot.storage.tables import metadata

SHORT = {
    "organisation": "one row for each organisation, and only its own is seen",
    "workspace": "one row for each workspace",
    "meta": "facts of the deployment",
    "site": "one row of settings",
    "installation": "one row for each workspace",
    "role_grant": "as many as serve",
    "training": "as many as serve",
    "grant_request": "as many as were asked to serve",
    "founding": "one row",
    "counts": "as many as there are measures, in each week",
    "week_status": "one row a week",
    "bulletin": "one row a quarter",
    "beginning": "one row",
    "counting_since": "one row",
    "note_sent": "one row a month, and one for 200 people",
    "next_look": "one row for each look",
    "erasure_asked": "carried out within a minute",
    "taking_back": "settled within minutes",
    "alembic_version": "one row",
}
"""Tables whose length does not come from people, cases, steps, messages or the journal; with what it comes from."""
_LONG = metadata.tables.keys() - SHORT.keys()
_COLUMN = re.compile(r"(\w+)\)?(?:::\w+)? ?(=|<|>|<=|>=|IS)")


_OPEN_WORK = re.compile(r"\bix_(step|outgoing)_due\b")
"""Indexes of what waits, in which nothing stands that is over."""
_PARAMETER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Way:
    """One way into a table: by which columns its rows are found, none for all of them."""

    table: str
    columns: frozenset[str]
    said: str
    """The line of the plan."""

    @property
    def is_wide(self) -> bool:
        """Whether it reads a whole table, or a whole organisation of it."""
        return self.table in _LONG and self.columns <= {"organisation"} and not _OPEN_WORK.search(self.said)

    @property
    def is_by_state_alone(self) -> bool:
        """Whether it reads all of one organisation that stand alike."""
        return self.table in _LONG and self.columns <= {"organisation", "state", "kind", "rung"}


def ways(connection: Connection, statement: str, parameters: Any) -> list[Way]:
    """How the database would answer a statement with these parameters."""
    if connection.dialect.name == "sqlite":
        said = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [way for row in said for way in _sqlite_way(str(row[3]))]
    return _explained(connection, statement, parameters)


def prepared_ways(connection: Connection, statement: str) -> list[Way]:
    """How PostgreSQL would answer a statement that it has prepared, whatever its parameters are then."""
    names: dict[str, str] = {}
    numbered = _PARAMETER.sub(lambda found: names.setdefault(found[1], f"${len(names) + 1}"), statement)
    connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
    connection.exec_driver_sql(f"PREPARE asked AS {numbered}")
    given = f"({', '.join('NULL' for _ in names)})" if names else ""
    found = _explained(connection, f"EXECUTE asked{given}", ())
    connection.exec_driver_sql("DEALLOCATE asked")
    return found


def _explained(connection: Connection, statement: str, parameters: Any) -> list[Way]:
    [(plan,)] = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON, COSTS OFF) {statement}", parameters).all()
    held = plan if isinstance(plan, list) else json.loads(plan)
    return list(_postgres_ways(held[0]["Plan"], ""))


def _sqlite_way(line: str) -> Iterator[Way]:
    if not line.startswith(("SCAN ", "SEARCH ")) or "VIRTUAL TABLE" in line or "CONSTANT ROW" in line:
        return
    table = line.split()[1]
    _, _, by = line.partition("(")
    yield Way(table, frozenset(re.findall(r"(\w+)[=<>]", by)), line)


def _postgres_ways(node: Mapping[str, Any], table: str) -> Iterator[Way]:
    table = str(node.get("Relation Name", table))
    kind = str(node["Node Type"])
    said = f"{kind} {table} {node.get('Index Name', '')} {node.get('Index Cond', '')}".strip()
    if kind == "Seq Scan":
        yield Way(table, frozenset(), said)
    elif kind in ("Index Scan", "Index Only Scan", "Bitmap Index Scan"):
        columns = {found[0] for found in _COLUMN.findall(str(node.get("Index Cond", "")))}
        yield Way(table, frozenset(columns), said)
    for part in node.get("Plans", ()):
        yield from _postgres_ways(part, table)
