"""What a transaction has changed and not yet written: many records of a kind go to the database in one statement."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, Table

from trim_bot.storage import prepared
from trim_bot.storage.errors import NoSuchRecord, RecordExists
from trim_bot.storage.records.rows import statements_for

Row = dict[str, object]


class PendingWrites:
    """Rows by table and id, to be written before anybody reads their table, and at the end at the latest.

    A record that is changed again is written once, as it is in the end. No table has a column that only one row
    may have but its id, so the order of rows within a table, and of tables, tells nothing.
    """

    def __init__(self, connection: Connection, organisation: str) -> None:
        self._connection = connection
        self._organisation = organisation
        self._added: dict[Table, dict[str, Row]] = {}
        self._saved: dict[Table, dict[str, Row]] = {}

    def add(self, table: Table, row: Row) -> None:
        """A new row. Raises RecordExists for one that was added here before."""
        id = str(row["id"])
        if id in self._added.get(table, ()):
            raise RecordExists
        self._added.setdefault(table, {})[id] = row

    def save(self, table: Table, row: Row) -> None:
        """A row that is there, as it is from now on."""
        id = str(row["id"])
        added = self._added.get(table, {})
        (added if id in added else self._saved.setdefault(table, {}))[id] = row

    def write(self, tables: Collection[Table] | None = None) -> None:
        """Write what waits, of these tables or of all. Raises NoSuchRecord when a row is not there after all."""
        for table in [one for one in self._saved if tables is None or one in tables]:
            self._replace(table, list(self._saved.pop(table).values()))
        for table in [one for one in self._added if tables is None or one in tables]:
            rows = [{"organisation": self._organisation, **row} for row in self._added.pop(table).values()]
            prepared.change_all(self._connection, statements_for(table).insert, rows)

    def _replace(self, table: Table, rows: list[Row]) -> None:
        values = [
            {"of_organisation": self._organisation, "of_id": row["id"]}
            | {name: value for name, value in row.items() if name != "id"}
            for row in rows
        ]
        if prepared.change_all(self._connection, statements_for(table).replace, values) < len(values):
            raise NoSuchRecord
