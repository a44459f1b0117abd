"""Brings the schema of the data up to this version, whichever of several starting processes comes first."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, select, text

from trim_bot.storage.database_roles import StoreKind, grant, logins_beside
from trim_bot.storage.database_state import drop_fact, fact, put_fact
from trim_bot.storage.migrations.rewriting import rewrite
from trim_bot.storage.plan_statistics import write_plan_statistics
from trim_bot.storage.row_security import secure, see_all_rows
from trim_bot.storage.schema_version import behind
from trim_bot.storage.small_stores import durable_engine, write_transaction
from trim_bot.storage.tables import metadata, organisations

# Any constant will do, as long as every process takes the same one.
_REWRITE = "rewrite_pending"
"""The fact that stands until all was written anew after a migration."""
_MIGRATION_LOCK = 7_241_906_114


def migrate(url: str) -> None:
    """Bring the schema at `url` up to this version, in one transaction; nothing happens if it is there.

    SQLite's planner is told what the tables are like. Then all that is kept is written anew, so that old pages go;
    where that was cut short, it is done now.
    On PostgreSQL the rows of each organisation are closed to the others, and the logins that there are get their
    rights. Several processes may call this at once: one does the work, the others wait for it.
    Raises `NewerSchema`, `NotTheOwner`, `StoreUnavailable`.
    """
    engine = durable_engine(url)
    try:
        with write_transaction(engine) as connection:
            # SQLite's transaction took the one writer's lock when it began.
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            see_all_rows(connection)
            if behind(connection):
                filled = _holds_something(connection)
                # Only here: most starts find the schema as it should be, and its library is a tenth of a start.
                from trim_bot.storage.upgrading import upgrade

                upgrade(connection)
                if filled:
                    put_fact(connection, _REWRITE, "yes")
            write_plan_statistics(connection)
            logins = logins_beside(connection)
            secure(connection, logins)
            grant(connection, StoreKind.DATA, logins)
            pending_rewrite = fact(connection, _REWRITE) is not None
        if pending_rewrite:
            rewrite(engine, metadata)
            with write_transaction(engine) as connection:
                see_all_rows(connection)
                drop_fact(connection, _REWRITE)
    finally:
        engine.dispose()


def _holds_something(connection: Connection) -> bool:
    """Whether an organisation is kept there, so that old pages hold what this version keeps no more."""
    if organisations.name not in inspect(connection).get_table_names():
        return False
    return connection.execute(select(organisations.c.organisation).limit(1)).first() is not None
