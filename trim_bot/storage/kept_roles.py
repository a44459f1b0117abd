"""The roles as they stand in the data, by ids alone, for whoever says that they are right."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from trim_bot.domain.ids import OrganisationId
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.row_security import each_organisation
from trim_bot.storage.small_stores import durable_engine, read_transaction
from trim_bot.storage.store import SqlStore
from trim_bot.storage.tables import grants, organisations


@dataclass(frozen=True, slots=True)
class KeptRole:
    """A role as it stands in the data: ids alone."""

    organisation: str
    """Its slug."""
    member: str
    role: str
    organisation_id: str


def roles_of(connection: Connection, organisation: str) -> list[KeptRole]:
    """The roles of one organisation."""
    query = (
        select(organisations.c.slug, grants.c.organisation, grants.c.member_id, grants.c.role)
        .join(organisations, organisations.c.organisation == grants.c.organisation)
        .where(grants.c.organisation == organisation)
        .order_by(organisations.c.slug, grants.c.member_id, grants.c.role)
    )
    return [
        KeptRole(row.slug, row.member_id, row.role, row.organisation) for row in connection.execute(query)
    ]


def kept_roles(url: str) -> list[KeptRole]:
    """Every role in the data at an address. Raises NoStore, StoreUnavailable."""
    engine = durable_engine(url, create=False)
    try:
        with read_transaction(engine) as connection:
            return [role for one in each_organisation(connection) for role in roles_of(connection, one)]
    finally:
        engine.dispose()


async def accepted_roles(store: SqlStore) -> list[KeptRole]:
    """The roles that would count, were everything signed as it stands. Raises StoreUnavailable."""
    found: list[KeptRole] = []
    for one in await store.organisations():
        id = OrganisationId(one.id)
        found += await store.read(id, lambda tx: roles_of(connection_of(tx), tx.organisation))
    return found
