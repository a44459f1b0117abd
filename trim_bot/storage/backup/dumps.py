"""Writes the rows of a store as JSON lines, and reads them back alike."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, insert, select
from sqlalchemy.engine import RowMapping

from trim_bot.domain.errors import SafeError

BATCH = 500
"""Rows that are held at once."""

Cell = str | int | float | bool | None | bytes | datetime | date


class DumpBroken(SafeError):
    """A dump is damaged, or was not made for these tables."""

    text = "This backup file is damaged or was made for another version"


def dump_rows(
    connection: Connection, metadata: MetaData, path: Path, *, leave_out: Collection[str] = ()
) -> dict[str, int]:
    """Write every row of every table to a new file at `path` (gzip, owner-only); returns rows by table.

    Values are written as the database holds them: what is sealed stays sealed. The caller's transaction
    must be one snapshot. Raises FileExistsError.
    """
    counts: dict[str, int] = {}
    with path.open("xb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        path.chmod(0o600)
        for table in metadata.sorted_tables:
            if table.name in leave_out:
                continue
            counts[table.name] = 0
            query = select(table).order_by(*table.primary_key).execution_options(yield_per=BATCH)
            for row in connection.execute(query).mappings():
                file.write(line_of(table, row) + b"\n")
                counts[table.name] += 1
    return counts


def line_of(table: Table, row: Mapping[str, object] | RowMapping) -> bytes:
    """One row as it is written: the same text for the same values, whichever database they come from."""
    line = {name: _written(row[name]) for name in table.columns.keys()}  # noqa: SIM118
    return json.dumps([table.name, line], separators=(",", ":")).encode()


def load_rows(
    connection: Connection, metadata: MetaData, path: Path, *, without: Mapping[str, Collection[str]]
) -> dict[str, int]:
    """Insert every row of a dump, in its order, but for the ids named in `without` by table.

    Returns rows by table. Raises `DumpBroken`.
    """
    counts: dict[str, int] = {}
    for table, rows in batches_of(metadata, path):
        kept = [row for row in rows if row.get("id") not in without.get(table.name, ())]
        if kept:
            connection.execute(insert(table), kept)
        counts[table.name] = counts.get(table.name, 0) + len(kept)
    return counts


def batches_of(metadata: MetaData, path: Path) -> Iterator[tuple[Table, list[dict[str, Cell]]]]:
    """The rows of a dump in its order, some at a time, each lot of one table. Raises `DumpBroken`."""
    held: Table | None = None
    rows: list[dict[str, Cell]] = []
    for name, line in _lines(path):
        table = metadata.tables.get(name)
        if table is None or set(line) != set(table.columns.keys()):
            raise DumpBroken
        if held is not None and (table is not held or len(rows) >= BATCH):
            yield held, rows
            rows = []
        held = table
        rows.append({column: _read(cell) for column, cell in line.items()})
    if held is not None and rows:
        yield held, rows


def _lines(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    try:
        with gzip.open(path, "rb") as file:
            for text in file:
                match json.loads(text):
                    case [str(name), dict(line)]:
                        yield name, line
                    case _:
                        raise DumpBroken
    except (OSError, EOFError, ValueError) as error:
        raise DumpBroken from error


def _written(cell: object) -> object:
    match cell:
        case None | bool() | int() | float() | str():
            return cell
        case bytes() | memoryview():
            return {"bytes": base64.b64encode(cell).decode("ascii")}
        case datetime():
            return {"time": cell.isoformat()}
        case date():
            return {"date": cell.isoformat()}
        case _:
            raise TypeError("a column of this kind has no place in a dump")


def _read(cell: object) -> Cell:
    try:
        return _cell(cell)
    except ValueError as error:
        raise DumpBroken from error


def _cell(cell: object) -> Cell:
    match cell:
        case None | bool() | int() | float() | str():
            return cell
        case {"bytes": str(text)}:
            return base64.b64decode(text, validate=True)
        case {"time": str(text)}:
            return datetime.fromisoformat(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case _:
            raise DumpBroken
