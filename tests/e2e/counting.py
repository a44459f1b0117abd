"""Counts what a deployment holds, from its database as it lies there, on either database."""

from __future__ import annotations

from sqlalchemy import create_engine, text

from tests.e2e.deployment import Deployment


def count(at: Deployment, table: str, where: str = "1 = 1") -> int:
    """Rows of one table; `where` is a condition of the test's own."""
    engine = create_engine(at.stores.data)
    try:
        with engine.connect() as connection:
            query = text(f"SELECT count(*) FROM {table} WHERE {where}")  # noqa: S608
            return int(connection.execute(query).scalar_one())
    finally:
        engine.dispose()


def refusals(at: Deployment) -> int:
    """Refusals in the journal."""
    return count(at, "journal", "action = 'refused'")
