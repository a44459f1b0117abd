"""Notes of the whole deployment, under names of ours: the practice clock, definitions a site brought in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, inspect, select

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import OrganisationId
from trim_bot.storage.database_state import OF_THE_DATABASE, fact, is_restoring, put_fact
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.row_security import see_all_rows
from trim_bot.storage.schema_version import behind
from trim_bot.storage.small_stores import NoStore, durable_engine, read_transaction, wait_for_other_writers
from trim_bot.storage.store import SqlStore
from trim_bot.storage.tables import meta, organisations

T = TypeVar("T")
_DEPLOYMENT = OrganisationId(OF_THE_DATABASE)


class Notes:
    """Short texts by name, durable when a call returns. Never anything about a person."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        """Where they are kept."""

    async def get(self, name: str) -> str | None:
        """The note with this name, or None. Raises StoreUnavailable."""
        return (await self.under(name)).get(name)

    async def under(self, prefix: str) -> dict[str, str]:
        """Every note whose name begins with `prefix`, in order of name. Raises StoreUnavailable."""

        def body(tx: Tx) -> dict[str, str]:
            query = (
                select(meta.c.name, meta.c.value)
                .where(
                    meta.c.organisation == OF_THE_DATABASE, meta.c.name.startswith(prefix, autoescape=True)
                )
                .order_by(meta.c.name)
            )
            return {row.name: row.value for row in connection_of(tx).execute(query)}

        return await self.store.read(_DEPLOYMENT, body)

    async def put(self, name: str, value: str) -> None:
        """Keep a note, in place of an older one. Raises StoreUnavailable."""
        await self.store.write(_DEPLOYMENT, lambda tx: put_fact(connection_of(tx), name, value))

    async def change(self, name: str, body: Callable[[str | None], tuple[str, T]]) -> T:
        """Change a note in one transaction that no other process comes between. Raises StoreUnavailable.

        `body` is given what is kept, and gives what is to be kept and an answer. It may run twice.
        """

        def changed(tx: Tx) -> T:
            connection = connection_of(tx)
            wait_for_other_writers(connection)
            value, answer = body(fact(connection, name))
            put_fact(connection, name, value)
            return answer

        return await self.store.write(_DEPLOYMENT, changed)


def rename_organisation(tx: Tx, slug: str) -> None:
    """Give the transaction's organisation another slug. Browser sessions name the old one, and so they end.

    The transaction ends in RecordExists when another organisation has it.
    """
    connection_of(tx).execute(
        organisations.update().where(organisations.c.organisation == tx.organisation).values(slug=slug)
    )


async def data_pending(store: SqlStore) -> tuple[bool, bool]:
    """Whether the data waits for a later schema, and else whether a restore into it has not ended.

    Raises NewerSchema, StoreUnavailable.
    """

    def body(tx: Tx) -> tuple[bool, bool]:
        connection = connection_of(tx)
        late = behind(connection)
        return late, not late and is_restoring(connection)

    return await store.read(_DEPLOYMENT, body)


def is_new_database(url: str) -> bool:
    """Whether no table of the data was ever made at this address. Raises StoreUnavailable."""
    try:
        engine = durable_engine(url, create=False)
    except NoStore:
        return True
    try:
        with read_transaction(engine) as connection:
            return not _has_tables(connection)
    finally:
        engine.dispose()


def holds_organisations(url: str) -> bool:
    """Whether any organisation is kept at this address. Raises NoStore, StoreUnavailable."""
    engine = durable_engine(url, create=False)
    try:
        with read_transaction(engine) as connection:
            if not _has_tables(connection):
                raise NoStore(engine.url.database or "")
            see_all_rows(connection)
            return connection.execute(select(organisations.c.organisation).limit(1)).first() is not None
    finally:
        engine.dispose()


def _has_tables(connection: Connection) -> bool:
    found: set[str] = set(inspect(connection).get_table_names())
    return bool(found & {organisations.name, "alembic_version"})
