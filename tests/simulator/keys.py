"""Looks for rows whose key is not in the key store, past all code that keeps keys."""

from __future__ import annotations

from sqlalchemy import Engine, inspect, text

NOT_SEALED = frozenset({"meta", "alembic_version"})


def keyed_tables(data: Engine) -> list[str]:
    """The tables whose rows name a key."""
    names = inspect(data)
    return [
        table
        for table in names.get_table_names()
        if table not in NOT_SEALED and any(one["name"] == "key_id" for one in names.get_columns(table))
    ]


def missing_keys(data: Engine, keys: Engine, tables: list[str] | None = None) -> list[str]:
    """The table of every row whose key is gone."""
    with keys.connect() as connection:
        held = {row[0] for row in connection.execute(text("SELECT id FROM data_keys"))}
    found: list[str] = []
    with data.connect() as connection:
        for table in tables or keyed_tables(data):
            rows = connection.execute(text(f"SELECT key_id FROM {table}"))  # noqa: S608 - a name of the schema
            found += [table for (key,) in rows if key and key not in held]
    return found


def held(keys: Engine) -> int:
    """How many keys there are."""
    with keys.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM data_keys")).scalar_one())
