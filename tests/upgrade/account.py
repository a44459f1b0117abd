"""Tells everything that a desk keeps, row by row and record by record, so that two tellings can be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import MetaData, create_engine, select

from trim_bot.app.seam.ports import Tx
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.domain.ids import OrganisationId
from trim_bot.storage.tables import RECORDS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


Rows = dict[str, list[dict[str, Any]]]
"""Of each table its rows, each with its columns as plain values."""


def rows_of(url: str) -> Rows:
    """Every row of every table of one store, whatever its schema."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), hide_parameters=True)
    kept = MetaData()
    kept.reflect(engine)
    with engine.connect() as connection:
        found = {
            table.name: [
                {name: _plain(value) for name, value in row.items()}
                for row in connection.execute(select(table)).mappings()
            ]
            for table in kept.sorted_tables
        }
    engine.dispose()
    return found


async def records_of(deployment: Deployment) -> dict[str, dict[str, dict[str, str]]]:
    """Every record of every organisation, opened: by type and id, each field as text."""
    found: dict[str, dict[str, dict[str, str]]] = {kind.__name__: {} for kind in RECORDS}
    for organisation in await deployment.store.organisations():

        def look(tx: Tx, slug: str = organisation.slug) -> None:
            for kind in RECORDS:
                for one in tx.find(kind):
                    told = {
                        field.name: _told(getattr(one, field.name))
                        for field in fields(cast("DataclassInstance", one))
                    }
                    found[kind.__name__][f"{slug} {told['id']}"] = told

        await deployment.store.read(OrganisationId(organisation.id), look)
    return found


def lacking(before: Rows, after: Rows, unlike: Mapping[str, frozenset[str]]) -> list[str]:
    """Rows of `before` that `after` has not, column by column.

    A column that is gone and every column in `unlike`, by table, may differ; the row may not be gone.
    """
    faults = []
    for table, rows in before.items():
        there = after.get(table)
        if there is None:
            faults.append(f"{table}: the table is gone")
            continue
        columns = there[0].keys() if there else frozenset()
        alike = [name for name in (rows[0] if rows else ()) if name in columns]
        alike = [name for name in alike if name not in unlike.get(table, frozenset())]
        found = {_key(row, alike) for row in there}
        faults += [f"{table}: {_key(row, alike)[:90]}" for row in rows if _key(row, alike) not in found]
    return faults


def _key(row: Mapping[str, Any], names: list[str]) -> str:
    return json.dumps([row[name] for name in names])


def _told(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple | list):
        return json.dumps([_told(one) for one in value])
    if isinstance(value, Mapping):
        return json.dumps({str(name): _told(one) for name, one in sorted(value.items())})
    return str(value)


def _plain(value: object) -> object:
    if isinstance(value, memoryview | bytearray | bytes):
        return bytes(value).hex()
    return value if isinstance(value, int | None) else str(value)
