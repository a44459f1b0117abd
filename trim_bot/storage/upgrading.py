"""Runs the steps by which a schema is behind; imported only where there are any."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the schema up to a revision, in a transaction of the caller's."""
    command.upgrade(config_for(connection), to)


def config_for(connection: Connection | None) -> Config:
    """What the steps are run with."""
    config = Config()
    config.set_main_option("script_location", "trim_bot.storage:migrations")
    config.attributes["connection"] = connection
    return config
