"""Tells the planner of either database what the tables are like at size, since both take organisations for small.

SQLite believes without statistics that the first column of an index leaves ten rows, so it reads a whole organisation
by its key where that gives the order. PostgreSQL takes the average of all organisations for each: beside two thousand
small ones, a statement that is prepared for any of them reads the large one whole. So both are told that an
organisation alone leaves everything, and SQLite that each further column leaves little. It is the same in an empty
file and in a large one, so that plans never change by themselves; what `ANALYZE` counts in its place in a SQLite
file is put right at the next start.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, text

from trim_bot.storage.database_roles import quoted, run

ROWS = 1_000_000
"""Rows in a table of one organisation at size."""
_OPEN_ROWS = 20_000
"""Rows in an index of open work alone, whatever has ended."""
_SHARED = 20
"""Rows of one organisation that have a value in common: of one person, one case, one event."""
_OFTEN_SHARED = {"state": 200, "rung": 200, "holder": 200, "role": 500, "purpose": 500, "cell": 500}
"""The same where fewer values are shared by more rows."""
_VALUES = {"organisation": 1, "state": 300, "rung": 300, "kind": 30}
"""How many values PostgreSQL takes a column to have where it does not know which is asked for.

Of states there are few, but those that are asked for have few rows: nearly all rows have one that is over.
"""
# What has one row for each organisation is as it is.
_TOLD = text(
    "SELECT c.relname AS table, a.attname AS column, coalesce(array_to_string(a.attoptions, ' '), '') AS said "
    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
    "WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attname = ANY(:columns) "
    "AND c.relname NOT IN ('organisation', 'workspace') ORDER BY 1, 2"
)
_SETTLED = "SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx"


class _Cursor(Protocol):
    def execute(self, statement: str, /, *values: Any) -> Any: ...


def write_plan_statistics(connection: Connection) -> None:
    """Write them in the caller's transaction, where they are not as they should be.

    On PostgreSQL that takes the login that owns the tables.
    """
    if connection.dialect.name == "postgresql":
        _tell_postgres(connection)
        return
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("not a SQLite connection")
    _put_right(driver)


def _tell_postgres(connection: Connection) -> None:
    changed: dict[str, None] = {}
    for table, column, said in connection.execute(_TOLD, {"columns": list(_VALUES)}).all():
        wanted = f"n_distinct={_VALUES[column]}"
        if said != wanted:
            run(connection, f"ALTER TABLE {quoted(table)} ALTER COLUMN {quoted(column)} SET ({wanted})")
            changed[quoted(table)] = None
    if changed:
        # Only now does the planner hear of it.
        run(connection, f"ANALYZE {', '.join(changed)}")


def renew_plan_statistics(path: Path) -> None:
    """Put right what somebody's `ANALYZE` left in a file, before any connection of this process has read it.

    They make questions quick and change no answer: a file that cannot be written now is left as it is.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=1.0)) as driver:
            if _needed(driver):
                driver.execute("BEGIN IMMEDIATE")
                _put_right(driver)
                driver.execute("COMMIT")
    except sqlite3.Error:
        return


def _put_right(driver: _Cursor) -> None:
    if not _needed(driver):
        return
    # Makes the table, which nothing else may make, and reads no row.
    driver.execute("ANALYZE sqlite_master")
    driver.execute("DELETE FROM sqlite_stat1")
    for line in _lines(driver):
        driver.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", line)
    # This connection reads them as well.
    driver.execute("ANALYZE sqlite_master")


def _needed(driver: _Cursor) -> bool:
    wanted = sorted(_lines(driver))
    has_table = driver.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone()
    return wanted != (driver.execute(_SETTLED).fetchall() if has_table else [])


def _lines(driver: _Cursor) -> Iterator[tuple[str, str, str]]:
    """Table, index and what is said of it, for each index of an organisation's rows."""
    indexes = driver.execute(
        "SELECT m.tbl_name, l.name, l.origin, l.partial FROM sqlite_master m, pragma_index_list(m.tbl_name) l "
        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
    ).fetchall()
    for table, index, origin, partial in indexes:
        columns = [row[2] for row in driver.execute(f"PRAGMA index_info('{index}')")]
        if len(columns) > 1 or partial:
            # The key of a table without row numbers is called by the table's own name.
            key = origin == "pk"
            yield table, table if key else index, _said(columns, unique=key, partial=bool(partial))


def _said(columns: list[str], *, unique: bool, partial: bool) -> str:
    """How many rows there are, then how many are left by the first column, by the first two, and so on."""
    left = _OPEN_ROWS if partial else ROWS
    numbers = [left]
    for column in columns:
        if column != "organisation":
            left = min(left, _OFTEN_SHARED.get(column, _SHARED))
        numbers.append(left)
    if unique:
        numbers[-1] = 1
    # Nor does it try one organisation after the other: due work is asked for by its own index.
    return f"{' '.join(map(str, numbers))} noskipscan"
