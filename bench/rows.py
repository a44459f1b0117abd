"""What sealing costs a reader: people out of the store, beside the same fields out of a plain table."""

from __future__ import annotations

import time
from dataclasses import fields
from typing import Any

from sqlalchemy import Column, MetaData, Table, Text, bindparam, create_engine, insert, select

from bench.databases import Kind
from bench.kept import copy_of, opened
from bench.population import Plan
from bench.result import Result, aim_at_most, result
from bench.sizes import Sizes
from bench.timing import alternate, scaled
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Member

AT_ONCE = 500


async def measure(sizes: Sizes, kind: Kind) -> list[Result]:
    """Microseconds a row, warm, by id, in one transaction each; both become the same record."""
    async with copy_of(Plan(max(sizes.few, 20), 0, 1, 2), kind) as place, opened(place) as one:
        organisation = OrganisationId(one.town.organisation.id)
        people = (await one.town.all(Member))[:AT_ONCE]
        ids = tuple(person.id for person in people)
        engine = create_engine(kind.new())
        plain = Table(
            "plain",
            MetaData(),
            *(Column(field.name, Text, primary_key=field.name == "id") for field in fields(Member)),
        )
        with engine.begin() as connection:
            plain.create(connection)
            connection.execute(
                insert(plain), [{name: str(value) for name, value in _values(person)} for person in people]
            )
        query = select(plain).where(plain.c.id.in_(bindparam("ids", expanding=True)))

        async def sealed() -> float:
            begun = time.perf_counter()
            found = await one.store.read(organisation, lambda tx: _read(tx, ids))
            spent = time.perf_counter() - begun
            assert found == len(ids)
            return spent / found

        async def bare() -> float:
            begun = time.perf_counter()
            with engine.begin() as connection:
                rows = connection.execute(query, {"ids": list(ids)}).mappings().all()
                found = [Member(**row) for row in rows]
            assert len(found) == len(ids)
            return (time.perf_counter() - begun) / len(found)

        pairs = await alternate(sealed, bare, sizes.rounds)
        engine.dispose()
    name = f"A sealed row read, {kind.name}"
    return [result(name, "µs wall", "a plain row", scaled(pairs, 1e6), aim_at_most(2))]


def _values(person: Member) -> list[tuple[str, Any]]:
    return [(field.name, getattr(person, field.name)) for field in fields(Member)]


def _read(tx: Tx, ids: tuple[Any, ...]) -> int:
    return len(tx.find(Member, id=ids))
