"""How a row is bound by the keyed journal: by a name that tells nothing of it, and a tag for what stands in it.

A row is bound by a digest of its columns under the keyring's root. The digest stands in the journal, whose order makes
it the newest: an older row put back, another row's columns or a row nobody wrote through the desk do not fit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from functools import cache

from sqlalchemy import Connection, Table, select
from sqlalchemy.engine import RowMapping

from trim_bot.domain.steps import OPEN_STATES
from trim_bot.storage import tables as t
from trim_bot.storage.records.bound_columns import BOUND
from trim_bot.storage.records.sealing import Pseudonyms

Row = Mapping[str, object] | RowMapping
"""A row as it is written, or as it was read."""
GONE = ""
"""The tag of a row that is no more."""
LINE = "line."
"""How names of reporting lines begin: one that is missing still stands in somebody's way."""
_LENGTH = 26
_OPEN = frozenset(state.value for state in OPEN_STATES)
COUNTS = t.counts.name


def id_of(table: Table, row: Row) -> str:
    """What a row is known by within its organisation."""
    return f"{row['period']} {row['measure']}" if table.name == COUNTS else str(row["id"])


def ref(keyed: Pseudonyms, organisation: str, table: Table, id: str) -> str:
    """The name under which the journal knows a row: 26 characters that tell nothing of it."""
    begin = LINE if table is t.reporting_lines else ""
    return begin + keyed.keyed(organisation, "bound_ref", _digest([table.name, id]))[:_LENGTH]


def tag(keyed: Pseudonyms, organisation: str, table: Table, row: Row) -> str:
    """26 characters that stand for the bound columns of a row in this very place."""
    held = [table.name, id_of(table, row), *map(_plain, bound_cells(table, row))]
    found = keyed.keyed(organisation, "bound_tag", _digest(held))[:_LENGTH]
    if table is not t.reporting_lines:
        return found
    ends = (bucket(keyed, organisation, str(row[name])) for name in ("person", "manager"))
    return ".".join((found, *ends))


def bucket(keyed: Pseudonyms, organisation: str, end: str) -> str:
    """One of 1024 groups that one end of a reporting line falls into: too few to name anybody, enough to find whom
    a line that was taken out may have been about."""
    return keyed.keyed(organisation, "bound_line", _digest([end]))[:2]


def bound_cells(table: Table, row: Row) -> tuple[object, ...]:
    """What stands in the bound columns of a row."""
    names = _OF_OPEN_STEP if table is t.steps and row["state"] in _OPEN else BOUND[table.name]
    return tuple(row[name] for name in names)


# When an open one is looked at next, and whether its owner was told, gives nobody anything and changes often.
_OF_OPEN_STEP = tuple(name for name in BOUND["step"] if name not in ("state", "due_at"))


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case bytes() | memoryview():
            return hashlib.sha256(value).hexdigest()
        case _:
            return value


def _digest(held: list[object]) -> str:
    # The keyed digest takes texts that differ in case for one; figures and small letters stay as they are.
    return hashlib.sha256(json.dumps(held, separators=(",", ":")).encode()).hexdigest()


@cache
def table_of(name: str) -> Table:
    """The table with this name."""
    return t.metadata.tables[name]


def written(changes: Mapping[str, str]) -> str:
    """Refs with their tags as the journal keeps them; `read` reads it."""
    return " ".join(f"{one}:{tag}" for one, tag in sorted(changes.items()))


def read(text: str) -> dict[str, str]:
    """What `written` wrote."""
    pairs = (part.partition(":") for part in text.split())
    return {one: tag for one, _, tag in pairs}


def rows_with(
    connection: Connection, table: Table, organisation: str, ids: Collection[str]
) -> list[RowMapping]:
    """The rows of a table with these ids, in no order."""
    held, rows = list(ids), list[RowMapping]()
    for start in range(0, len(held), 500):
        query = select(table).where(
            table.c.organisation == organisation, table.c.id.in_(held[start : start + 500])
        )
        rows += connection.execute(query).mappings().all()
    return rows
