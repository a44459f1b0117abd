"""Brings the schema of the data up to this version, whichever of several starting processes comes first."""

from __future__ import annotations

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

from trim_bot.domain.errors import SafeError
from trim_bot.storage.database_roles import StoreKind, grant, logins_beside
from trim_bot.storage.database_state import drop_fact, fact, put_fact
from trim_bot.storage.migrations.rewriting import rewrite
from trim_bot.storage.plan_statistics import write_plan_statistics
from trim_bot.storage.row_security import secure, see_all_rows
from trim_bot.storage.small_stores import durable_engine, read_transaction, write_transaction
from trim_bot.storage.tables import metadata, organisations

# Any constant will do, as long as every process takes the same one.
_REWRITE = "rewrite_pending"
"""The fact that stands until all was written anew after a migration."""
_MIGRATION_LOCK = 7_241_906_114


class NewerSchema(SafeError):
    """The database was already brought to a later version than this one."""

    text = "The database belongs to a later version of this program"


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
                command.upgrade(_config(connection), "head")
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


def pending(url: str) -> bool:
    """Whether the schema at `url` is behind this version.

    Raises `NewerSchema`, `NoStore`, `StoreUnavailable`.
    """
    engine = durable_engine(url, create=False)
    try:
        with read_transaction(engine) as connection:
            return behind(connection)
    finally:
        engine.dispose()


@cache
def head() -> str:
    """The schema revision that belongs to this version."""
    revision = _scripts().get_current_head()
    if revision is None:
        raise LookupError("the package holds no migrations")
    return revision


def behind(connection: Connection) -> bool:
    """Whether the schema is behind this version, in a transaction of the caller's. Raises `NewerSchema`."""
    at = MigrationContext.configure(connection).get_current_revision()
    if at is not None and at not in _known():
        raise NewerSchema
    return at != head()


@cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(None))


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", "trim_bot.storage:migrations")
    config.attributes["connection"] = connection
    return config
