"""Counts what a deployment holds, from its database as it lies there, on either database."""

from __future__ import annotations

from sqlalchemy import create_engine, text

from tests.e2e.deployment import Deployment


def count(at: Deployment, table: str, where: str = "1 = 1", *, what: str = "*") -> int:
    """Rows of one table; `where` and `what` are the test's own."""
    engine = create_engine(at.stores.data)
    try:
        with engine.connect() as connection:
            query = text(f"SELECT count({what}) FROM {table} WHERE {where}")  # noqa: S608
            return int(connection.execute(query).scalar_one())
    finally:
        engine.dispose()


def refusals(at: Deployment) -> tuple[int, int]:
    """Refusals in the journal, and how many people they are of."""
    refused = "action = 'refused'"
    return count(at, "journal", refused), count(at, "journal", refused, what="DISTINCT actor")
