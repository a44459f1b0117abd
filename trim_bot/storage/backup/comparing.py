"""Compares what a backup brought back with what was kept when it was taken, row by row, without keeping any of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, MetaData, select

from trim_bot.storage import tables
from trim_bot.storage.backup.dumps import BATCH, batches_of, line_of
from trim_bot.storage.backup.taking_backup import LEFT_OUT, Places
from trim_bot.storage.database_state import RESTORING
from trim_bot.storage.keys import key_tables
from trim_bot.storage.row_security import see_all_rows
from trim_bot.storage.small_stores import durable_engine, snapshot

_SPACE = 1 << 256


@dataclass(frozen=True, slots=True)
class RowSum:
    """How many rows there are, and the sum of their digests, which no order changes."""

    rows: int = 0
    digests: int = 0

    def __add__(self, other: RowSum) -> RowSum:
        """Both together."""
        return RowSum(self.rows + other.rows, (self.digests + other.digests) % _SPACE)

    def __sub__(self, other: RowSum) -> RowSum:
        """What is left without the other."""
        return RowSum(self.rows - other.rows, (self.digests - other.digests) % _SPACE)


RowSums = Mapping[str, RowSum]
"""By table."""


def sums_of(connection: Connection, metadata: MetaData) -> dict[str, RowSum]:
    """Read every row that a backup takes, in the caller's transaction, which sees all of them."""
    found: dict[str, RowSum] = {}
    for table in metadata.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        rows = connection.execute(select(table).execution_options(yield_per=BATCH)).mappings()
        total = RowSum()
        for row in rows:
            if table is tables.meta and row["name"] == RESTORING:
                # It says that the rest was only just brought in.
                continue
            total += _sum(line_of(table, row))
        found[table.name] = total
    return found


def sums_at(places: Places) -> dict[str, RowSum]:
    """The same of data and keys that were brought in. Raises `StoreUnavailable`."""
    found: dict[str, RowSum] = {}
    for url, metadata in ((places.data, tables.metadata), (places.keys, key_tables.metadata)):
        engine = durable_engine(url, create=False)
        try:
            with snapshot(engine) as connection:
                if metadata is tables.metadata:
                    see_all_rows(connection)
                found |= sums_of(connection, metadata)
        finally:
            engine.dispose()
    return found


class SumsTaken:
    """What both stores held at the moment that a backup was written."""

    def __init__(self) -> None:
        self._sums: dict[str, RowSum] = {}

    def take(self, connection: Connection, metadata: MetaData) -> None:
        """Look at one store; its transaction sees that moment."""
        self._sums |= sums_of(connection, metadata)

    def without_keys(self, dump: Path, ids: Collection[str]) -> RowSums:
        """The same without the keys of these ids, as a backup's file has them. Raises `DumpBroken`."""
        gone, table = RowSum(), key_tables.data_keys
        for found, rows in batches_of(key_tables.metadata, dump):
            if found is table:
                for row in rows:
                    if row["id"] in ids:
                        gone += _sum(line_of(table, row))
        return self._sums | {table.name: self._sums[table.name] - gone}


def unlike(before: RowSums, after: RowSums) -> list[str]:
    """A few words for each table that did not come back as it was."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        kept, brought = before.get(name, RowSum()), after.get(name, RowSum())
        if kept.rows != brought.rows:
            found.append(f"{name}: {kept.rows} rows kept, {brought.rows} brought back")
        elif kept != brought:
            found.append(f"{name}: rows came back changed")
    return found


def _sum(line: bytes) -> RowSum:
    return RowSum(1, int.from_bytes(hashlib.sha256(line).digest(), "big"))
