"""What tests and benchmarks do to a store that the product never does."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.domain.ids import OrganisationId
from trim_bot.storage.journal import Head
from trim_bot.storage.journal_check import faults_of
from trim_bot.storage.plan_statistics import write_plan_statistics
from trim_bot.storage.store import SqlStore
from trim_bot.storage.tables import metadata


def make_tables(store: SqlStore) -> None:
    """Make every table at once; an installation is brought up by migrations."""
    with store._writing.begin() as connection:
        metadata.create_all(connection)
        write_plan_statistics(connection)


async def journal_break(
    store: SqlStore, organisation: OrganisationId, anchors: Mapping[int, str] | None = None
) -> int | None:
    """The number of the first journal row that is missing or changed, or None; at most one anchor is compared."""
    known: dict[str, Head] = {}
    for one in (anchors or {}).items():
        known[organisation] = Head(*one)
    faults = await store._read(
        lambda connection: faults_of(connection, store._pseudonyms, organisation, known)
    )
    return next((fault.seq for fault in faults), None)
