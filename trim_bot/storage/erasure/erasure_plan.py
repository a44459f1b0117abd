"""Finds every row that goes when something is erased, and the keys that open nothing else."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import assert_never

from sqlalchemy import Connection, Table, delete, select

from trim_bot.storage import tables as t
from trim_bot.storage.binding import BoundRows
from trim_bot.storage.ledger.ledger_tables import ErasureKind
from trim_bot.storage.row_security import each_organisation

_BATCH = 500
_WITH_KEY = tuple(table for table in t.metadata.sorted_tables if "key_id" in table.columns)


class ErasurePlan:
    """Ids of rows of one organisation, by table, that are to be deleted together."""

    def __init__(self, organisation: str) -> None:
        self.organisation = organisation
        self.rows: dict[Table, set[str]] = defaultdict(set)

    def __bool__(self) -> bool:
        return any(self.rows.values())

    def counts(self) -> dict[str, int]:
        """How many rows of each table."""
        return {table.name: len(ids) for table, ids in self.rows.items() if ids}

    def take(self, connection: Connection, table: Table, column: str, values: Collection[str]) -> set[str]:
        """Add the rows of a table with one of these values in a column; returns their ids."""
        found: set[str] = set()
        for batch in batches(values):
            query = select(table.c.id).where(table.c[column].in_(batch))
            found.update(connection.scalars(query.where(table.c.organisation == self.organisation)))
        self.rows[table] |= found
        return found

    def delete(self, connection: Connection, bound: BoundRows) -> None:
        """Delete the rows, and have the journal know that they are no more."""
        for table, ids in self.rows.items():
            bound.forget(table, ids)
            for batch in batches(ids):
                connection.execute(
                    delete(table).where(table.c.organisation == self.organisation, table.c.id.in_(batch))
                )

    def keys(self, connection: Connection) -> list[str]:
        """The keys these rows were sealed under that no row that stays was sealed under, in order."""
        used: set[str] = set()
        for table in _WITH_KEY:
            for batch in batches(self.rows.get(table, ())):
                query = select(table.c.key_id).where(table.c.id.in_(batch))
                used.update(connection.scalars(query.where(table.c.organisation == self.organisation)))
        return sorted(used - self._kept(connection, used))

    def _kept(self, connection: Connection, keys: Collection[str]) -> set[str]:
        kept: set[str] = set()
        for table in _WITH_KEY:
            # An organisation has no id column of its own, and is never among the rows that go.
            key_of = table.c.organisation if table is t.organisations else table.c.id
            going = self.rows.get(table, set())
            for batch in batches(keys):
                query = select(table.c.key_id, key_of).where(table.c.key_id.in_(batch))
                found = connection.execute(query.where(table.c.organisation == self.organisation))
                kept.update(key for key, id in found if table is t.organisations or id not in going)
        return kept


def plan_erasure(
    connection: Connection,
    organisation: str,
    what: ErasureKind,
    record_id: str,
    other_ids: Collection[str] = (),
) -> ErasurePlan:
    """Every row that goes with a record, found by open columns alone: it works when the keys are gone."""
    plan = ErasurePlan(organisation)
    match what:
        case ErasureKind.CASE:
            _case(connection, plan, {record_id})
        case ErasureKind.MEMBER:
            _member(connection, plan, record_id)
            plan.take(connection, t.reporting_lines, "id", other_ids)
        case ErasureKind.INCIDENT:
            plan.take(connection, t.incidents, "id", {record_id})
            plan.take(connection, t.exposures, "incident_id", {record_id})
            plan.take(connection, t.offers, "incident_id", {record_id})
        case ErasureKind.REQUEST:
            plan.take(connection, t.support_requests, "id", {record_id})
        case ErasureKind.ORGANISATION:
            # It goes whole, with its journal: see `trim_bot.storage.organisation_removal`.
            return plan
        case _:
            assert_never(what)
    _records_of_subjects(connection, plan)
    _what_hangs_on_it(connection, plan)
    return plan


def _case(connection: Connection, plan: ErasurePlan, ids: Collection[str]) -> None:
    plan.take(connection, t.cases, "id", ids)
    for table in (t.check_ins, t.interviews, t.referrals, t.support_requests, t.steps):
        plan.take(connection, table, "case_id", ids)
    offers = plan.take(connection, t.offers, "case_id", ids)
    plan.rows[t.exposures].update(exposures_of(connection, plan.organisation, offers))


def exposures_of(connection: Connection, organisation: str, offers: Collection[str]) -> set[str]:
    """The exposures that some offers were made for."""
    offer, exposure = t.offers.c, t.exposures.c
    found: set[str] = set()
    for batch in batches(offers):
        query = select(exposure.id).where(
            exposure.organisation == organisation,
            offer.organisation == organisation,
            offer.id.in_(batch),
            exposure.incident_id == offer.incident_id,
            exposure.member_id == offer.member_id,
        )
        found.update(connection.scalars(query))
    return found


def _member(connection: Connection, plan: ErasurePlan, id: str) -> None:
    query = select(t.cases.c.id).where(t.cases.c.member_id == id)
    _case(
        connection,
        plan,
        set(connection.scalars(query.where(t.cases.c.organisation == plan.organisation))),
    )
    plan.take(connection, t.members, "id", {id})
    for table in (
        t.accounts,
        t.joined,
        t.grants,
        t.trainings,
        t.exposures,
        t.offers,
        t.support_requests,
        t.sessions,
        t.kept_pages,
        t.outgoing,
    ):
        plan.take(connection, table, "member_id", {id})


def _records_of_subjects(connection: Connection, plan: ErasurePlan) -> None:
    """Records that subjects brought go with what their rules name, and what goes with those goes too."""
    before = -1
    while (found := sum(map(len, plan.rows.values()))) > before:
        before = found
        for table, column, named in t.GOES_WITH:
            plan.take(connection, table, column, tuple(plan.rows[named]))


def _what_hangs_on_it(connection: Connection, plan: ErasurePlan) -> None:
    """Steps about what goes, messages about those steps, and stored outcomes that name any of it."""
    subjects = set[str]().union(*plan.rows.values())
    plan.take(connection, t.steps, "subject", subjects)
    plan.take(connection, t.outgoing, "step_id", plan.rows[t.steps])
    query = select(t.outcomes.c.id, t.outcomes.c.ids).where(t.outcomes.c.organisation == plan.organisation)
    gone = subjects | plan.rows[t.steps]
    if gone:
        plan.rows[t.outcomes].update(
            id for id, ids in connection.execute(query) if not gone.isdisjoint(json.loads(ids).values())
        )


def referenced_keys(connection: Connection) -> set[str]:
    """Every key that any row of any organisation was sealed under; the deployment's facts are seen afterwards."""
    found = _keys_seen(connection)
    if connection.dialect.name == "postgresql":
        # In one snapshot, so that what is written meanwhile is not missed in one and found in the next.
        for _ in each_organisation(connection):
            found |= _keys_seen(connection)
    return found


def _keys_seen(connection: Connection) -> set[str]:
    return {key for table in _WITH_KEY for key in connection.scalars(select(table.c.key_id).distinct())}


def batches(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids in lists short enough for one statement."""
    rest = iter(ids)
    while batch := list(islice(rest, _BATCH)):
        yield batch
