"""Looks at what stands where a backup is to go: nothing, an untouched first start, or records; and clears the second
alone: one file, since what may be cleared is what was looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from sqlalchemy import Connection, MetaData, delete, func, inspect, or_, select

from trim_bot.app.definitions import NOTE as DEFINITION
from trim_bot.app.definitions import RETIRED
from trim_bot.app.installations.keeping import BEFORE as INSTALLED_BEFORE
from trim_bot.app.people.welcome_hold import WELCOME_WAITS
from trim_bot.domain.errors import SafeError
from trim_bot.storage import tables
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.consistency.identity import IDENTITY
from trim_bot.storage.database_state import fact, is_restoring, mark_restoring
from trim_bot.storage.journal import BOUND, BY_ITSELF, MORE_SIGNED, SIGNED
from trim_bot.storage.keys import key_tables
from trim_bot.storage.keys.key_tables import data_keys, key_store_facts, keys_in_hand, spare_keys
from trim_bot.storage.row_security import see_all_rows
from trim_bot.storage.schema_version import behind
from trim_bot.storage.small_stores import (
    NoStore,
    durable_engine,
    has_table,
    read_transaction,
    shown_address,
    sqlite_file,
    write_transaction,
)


class Holds(Enum):
    """What one store holds."""

    NOTHING = "nothing"
    """No row that counts."""
    FIRST_START = "first_start"
    """What a first start makes by itself, and nothing that anybody did."""
    RESTORE = "restore"
    """A restore that was begun and did not end."""
    RECORDS = "records"
    """Anything else."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in one store. `place` is its address without a password, `rows` are counted by table."""

    holds: Holds
    place: str
    rows: Mapping[str, int] = field(default_factory=dict)
    schema: str = ""
    """Of PostgreSQL; empty for a file."""
    others: tuple[str, ...] = ()
    """Tables there that are not the desk's."""
    file: Path | None = None
    """Of SQLite."""


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in data and key store."""

    data: Standing
    keys: Standing

    @property
    def is_empty(self) -> bool:
        """Whether a backup can be brought in as it is."""
        return self._only(Holds.NOTHING)

    @property
    def is_untouched(self) -> bool:
        """Whether all there is comes from a first start, so that nothing of anybody goes with it."""
        return not self.is_empty and self._only(Holds.NOTHING, Holds.FIRST_START)

    def _only(self, *kinds: Holds) -> bool:
        return self.data.holds in kinds and self.keys.holds in kinds


class NotEmpty(SafeError):
    """A restore goes into empty databases alone; the text says what stands there, and what to do."""

    def __init__(self, found: Found) -> None:
        super().__init__(_told(found))
        self.found = found


def look_at(places: Places) -> Found:
    """What stands at the addresses of data and keys; nothing is made or changed. Raises `StoreUnavailable`."""
    used: set[str] | None = None
    identity: str | None = None
    data = Standing(Holds.NOTHING, shown_address(places.data))
    try:
        engine = durable_engine(places.data, create=False)
    except NoStore:
        pass
    else:
        try:
            with read_transaction(engine) as connection:
                if has_table(engine, tables.meta.name):
                    see_all_rows(connection)
                rows, others = _rows(connection, tables.metadata)
                holds = _data(connection, rows)
                if holds is Holds.FIRST_START:
                    used, identity = _used(connection), fact(connection, IDENTITY)
                data = _standing(holds, places.data, rows, others, connection)
        finally:
            engine.dispose()
    return Found(data, _look_at_keys(places.keys, used, identity))


def _look_at_keys(url: str, used: set[str] | None, identity: str | None) -> Standing:
    """`used` are the keys of an untouched first start, with its identity; None where the data is none."""
    try:
        engine = durable_engine(url, create=False)
    except NoStore:
        return Standing(Holds.NOTHING, shown_address(url))
    try:
        with read_transaction(engine) as connection:
            rows, others = _rows(connection, key_tables.metadata)
            # What a store knows of its keyring is nothing without a key or a generation.
            rows.pop(key_store_facts.name, None)
            holds = Holds.RECORDS if rows else Holds.NOTHING
            if rows and used is not None and _unused(connection, used, identity):
                holds = Holds.FIRST_START
            return _standing(holds, url, rows, others, connection)
    finally:
        engine.dispose()


def clear(places: Places) -> None:
    """Take out every row of data and keys, and note in the data that a restore has begun. Raises `StoreUnavailable`.

    Keys go first: cut short there, the data still shows that nothing of anybody was kept.
    """
    for url, metadata in ((places.keys, key_tables.metadata), (places.data, tables.metadata)):
        engine = durable_engine(url)
        try:
            with write_transaction(engine) as connection:
                if metadata is tables.metadata:
                    see_all_rows(connection)
                for table in reversed(metadata.sorted_tables):
                    connection.execute(delete(table))
                if metadata is tables.metadata:
                    mark_restoring(connection)
        finally:
            engine.dispose()


def _rows(connection: Connection, metadata: MetaData) -> tuple[dict[str, int], tuple[str, ...]]:
    """How many rows each of our tables has that has any, and which tables are not ours."""
    names: set[str] = set(inspect(connection).get_table_names())
    counts = {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in metadata.sorted_tables
        if table.name in names
    }
    others = names - set(metadata.tables) - {"alembic_version"}
    return {name: count for name, count in counts.items() if count}, tuple(sorted(others))


_OF_A_START = {
    tables.organisations.name,
    tables.workspaces.name,
    tables.sites.name,
    tables.meta.name,
    tables.journal.name,
    tables.beginnings.name,
    tables.counting_since.name,
    tables.notes_sent.name,
    tables.looks.name,
}
_FOUND = ("found", BOUND, SIGNED, MORE_SIGNED)
"""What the rows of a journal tell of in which nobody did anything."""


def _data(connection: Connection, rows: Mapping[str, int]) -> Holds:
    if not rows:
        return Holds.NOTHING
    if tables.meta.name in rows and is_restoring(connection):
        return Holds.NOTHING if rows == {tables.meta.name: 1} else Holds.RESTORE
    if not rows.keys() <= _OF_A_START or behind(connection):
        return Holds.RECORDS
    journal, meta = tables.journal, tables.meta
    done = select(journal.c.seq).where(or_(journal.c.actor != BY_ITSELF, journal.c.what.not_in(_FOUND)))
    brought = select(meta.c.name).where(
        or_(
            *(
                meta.c.name.startswith(name, autoescape=True)
                for name in (DEFINITION, RETIRED, INSTALLED_BEFORE)
            )
        )
    )
    sent = select(tables.notes_sent.c.id).where(tables.notes_sent.c.id != WELCOME_WAITS)
    somebody = any(connection.execute(query.limit(1)).first() is not None for query in (done, brought, sent))
    return Holds.RECORDS if somebody else Holds.FIRST_START


def _used(connection: Connection) -> set[str]:
    keys = set(connection.scalars(select(tables.organisations.c.key_id)))
    return keys | set(connection.scalars(select(tables.sites.c.key_id)))


def _unused(connection: Connection, used: Collection[str], identity: str | None) -> bool:
    """Whether every key is one of that start, or was never used; of a desk that was lost some would be neither."""
    names: set[str] = set(inspect(connection).get_table_names())
    if not {table.name for table in key_tables.metadata.sorted_tables} <= names:
        return False
    own = connection.scalar(select(key_store_facts.c.value).where(key_store_facts.c.name == IDENTITY))
    if own not in (None, identity):
        return False
    idle = select(spare_keys.c.id).union(select(keys_in_hand.c.id))
    rest = select(data_keys.c.id).where(data_keys.c.id.not_in(idle))
    return set(connection.scalars(rest.limit(len(used) + 1))) <= set(used)


def _standing(
    holds: Holds, url: str, rows: Mapping[str, int], others: tuple[str, ...], connection: Connection
) -> Standing:
    file = sqlite_file(connection.engine)
    if file is None:
        schema = str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())
        return Standing(holds, shown_address(url), rows, schema, others)
    return Standing(holds, shown_address(url), rows, "", others, file.absolute())


_MOST_TABLES = 6


def _told(found: Found) -> str:
    lines = [
        "A restore needs empty databases, and these are not. Nothing was changed.",
        f"data (DATABASE_URL, {found.data.place}): {_data_words(found.data)}.",
        f"key store (KEYSTORE_URL, {found.keys.place}): {_key_words(found.keys)}.",
    ]
    if found.is_untouched:
        lines.append(
            "Nothing but an untouched first start is there. It is cleared by trim-bot restore DIR --replace-empty."
        )
    else:
        lines.append("Nothing of it is cleared here. Stop the desk, leave LEDGER_URL as it is, and then")
        lines += _ways(found)
        lines.append("and run trim-bot restore DIR again.")
    return "\n".join([*lines, *map(others_words, (found.data, found.keys))]).rstrip()


def _ways(found: Found) -> list[str]:
    held = [standing.file for standing in (found.data, found.keys) if standing.file is not None]
    beside = [file.with_name(file.name + end) for file in held for end in ("", "-wal", "-shm")]
    files = [str(one) for one in beside if one.exists()]
    ways = []
    if files:
        ways.append(f"- move these files aside: {' '.join(files)}")
    if found.data.schema or found.keys.schema:
        ways.append(
            "- make two new databases (createdb NAME), and point DATABASE_URL and KEYSTORE_URL to them"
        )
    elif files:
        ways.append("- or point DATABASE_URL and KEYSTORE_URL to files that are not there yet")
    return ways


def _data_words(standing: Standing) -> str:
    match standing.holds:
        case Holds.NOTHING:
            return "nothing"
        case Holds.FIRST_START if tables.organisations.name in standing.rows:
            return "an organisation made at the first start, nobody in it yet, no case"
        case Holds.FIRST_START:
            return "what a first start notes, no organisation yet"
        case Holds.RESTORE:
            return f"a restore that did not end, {_tables(standing)}"
        case Holds.RECORDS:
            return f"records, {_tables(standing)}"


def _key_words(standing: Standing) -> str:
    keys = standing.rows.get(data_keys.name, 0)
    match standing.holds:
        case Holds.NOTHING:
            return "nothing"
        case Holds.FIRST_START:
            return f"{keys} keys of that first start, which no record of anybody uses"
        case Holds.RESTORE | Holds.RECORDS:
            return f"{keys} keys, which may open records"


def _tables(standing: Standing) -> str:
    most = sorted(standing.rows.items(), key=lambda row: (-row[1], row[0]))
    told = ", ".join(f"{count} in {name}" for name, count in most[:_MOST_TABLES])
    more = f" and {len(most) - _MOST_TABLES} tables more" if len(most) > _MOST_TABLES else ""
    where = f" (schema {standing.schema})" if standing.schema else ""
    return f"rows by table{where}: {told}{more}"


def others_words(standing: Standing) -> str:
    """That tables of others lie in the same database, which nothing here touches; empty where none do."""
    if not standing.others:
        return ""
    named = ", ".join(standing.others[:_MOST_TABLES])
    where = f"{standing.place}, schema {standing.schema}" if standing.schema else standing.place
    return f"{len(standing.others)} tables there are not the desk's ({where}: {named}): they are left alone."
