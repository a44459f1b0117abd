"""Writes tables of the data anew, so that neither their order nor their old pages tell anything."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import Connection, Engine, MetaData, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.storage.errors import trouble_of, trouble_of_sqlite
from trim_bot.storage.small_stores import durable_engine, place_of, sqlite_file

_NO_NUMBERS = "WITHOUT ROWID"


def without_row_numbers(connection: Connection) -> None:
    """On SQLite, make every table of records one whose rows lie by their key and have no number of their own."""
    if connection.dialect.name != "sqlite":
        return
    made = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    ).all()
    for name, sql in made:
        if name == "alembic_version" or sql.rstrip().upper().endswith(_NO_NUMBERS):
            continue
        indexes = connection.scalars(
            text(
                "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"
            ),
            {"name": name},
        ).all()
        key = ", ".join(_key_of(connection, name))
        fresh = f"{name}_anew"
        body = sql.partition("(")[2]
        connection.exec_driver_sql(f"CREATE TABLE {fresh} ({body.rstrip()} {_NO_NUMBERS}")
        connection.exec_driver_sql(f"INSERT INTO {fresh} SELECT * FROM {name} ORDER BY {key}")  # noqa: S608
        connection.exec_driver_sql(f"DROP TABLE {name}")
        connection.exec_driver_sql(f"ALTER TABLE {fresh} RENAME TO {name}")
        for index in indexes:
            connection.exec_driver_sql(index)


def _key_of(connection: Connection, table: str) -> list[str]:
    return list(inspect(connection).get_pk_constraint(table)["constrained_columns"])


def rewrite(engine: Engine, metadata: MetaData) -> None:
    """Write every table anew, so that no page and no log keeps what stood there. Raises `StoreUnavailable`.

    It needs the tables to itself for a moment, and as much free room again as they take.
    """
    try:
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                quoted = connection.dialect.identifier_preparer.quote
                connection.exec_driver_sql(
                    f"VACUUM (FULL) {', '.join(quoted(table.name) for table in metadata.sorted_tables)}"
                )
            return
        with closing(engine.raw_connection()) as held:
            for command in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                # Outside any transaction, which these commands refuse.
                held.cursor().execute(command).fetchall()
    except SQLAlchemyError as error:
        raise StoreUnavailable(trouble_of(error), place_of(engine.url)) from None
    except sqlite3.Error as error:
        raise StoreUnavailable(trouble_of_sqlite(error), place_of(engine.url)) from None


def empty_log(url: str) -> None:
    """Bring all that stands in the log of a SQLite file into it, and empty the log: what was deleted stands nowhere.

    A server keeps its own log, of which we know nothing. Raises `NoStore`, `StoreUnavailable` where somebody reads on.
    """
    engine = durable_engine(url, create=False)
    try:
        if sqlite_file(engine) is None:
            return
        held = engine.raw_connection()
        try:
            # Outside any transaction, which would keep it from being emptied.
            cursor = held.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [(busy, *_)] = cursor.fetchall()
        finally:
            held.close()
        if busy:
            raise StoreUnavailable(StoreTrouble.BUSY, place_of(engine.url))
    finally:
        engine.dispose()
