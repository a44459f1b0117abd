"""Moves a kept desk of SQLite files to PostgreSQL as it stands, so that both databases take the same steps."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine, MetaData, create_engine, insert, select

from trim_bot.storage.small_stores import durable_engine
from trim_bot.storage.upgrading import config_for


def move_data(source: str, target: str) -> None:
    """The data, at the schema it was put away with."""
    old, new = create_engine(source), durable_engine(target)
    kept = _reflected(old)
    with old.connect() as connection:
        at = connection.execute(select(kept.tables["alembic_version"])).scalar_one()
    with new.begin() as connection:
        command.upgrade(config_for(connection), at)
    _copy(old, new, kept, leaving_out="alembic_version")


def move_keys(source: str, target: str) -> None:
    """The wrapped keys, in tables made like those they come from."""
    old, new = create_engine(source), durable_engine(target)
    kept = _reflected(old)
    for table in kept.tables.values():
        for column in table.columns:
            column.type = column.type.as_generic()
    kept.create_all(new)
    _copy(old, new, kept)


def _reflected(engine: Engine) -> MetaData:
    kept = MetaData()
    kept.reflect(engine)
    return kept


def _copy(old: Engine, new: Engine, kept: MetaData, leaving_out: str = "") -> None:
    there = _reflected(new)
    with old.connect() as reading, new.begin() as writing:
        for table in kept.sorted_tables:
            rows = [dict(row) for row in reading.execute(select(table)).mappings()]
            if rows and table.name != leaving_out:
                writing.execute(insert(there.tables[table.name]), rows)
    old.dispose()
    new.dispose()
