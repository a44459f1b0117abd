"""Hands due work to one worker at a time, in batches under a lease, at the same cost in a large table."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Integer, Table, bindparam, or_, select, text, tuple_, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.sql.dml import ReturningUpdate

from trim_bot.domain.steps import LONGEST_LEASE, Priority, StepKind
from trim_bot.storage.tables import OUTGOING_QUEUED, STEP_OPEN, outgoing, steps

_URGENT = {
    steps.name: steps.c.kind == StepKind.SAFETY.value,
    outgoing.name: outgoing.c.priority == Priority.SAFETY.value,
}
_WAITING = {steps.name: STEP_OPEN, outgoing.name: OUTGOING_QUEUED}


def claim(
    connection: Connection,
    table: Table,
    now: datetime,
    real: datetime,
    lease_seconds: int,
    limit: int,
    *,
    urgent: bool = False,
) -> list[RowMapping]:
    """Rows of `steps` or `outgoing` due at `now` with a lease that is free at `real`, leased; soonest first.

    Among messages, those of a higher priority come before all others; if `urgent`, only calls for safety are asked
    for. A lease further ahead than the longest there is was given by a wrong clock, and is free.

    Rows that another transaction is just claiming are passed over, never waited for.
    """
    until = real + timedelta(seconds=lease_seconds)
    values = {"now": now, "real": real, "until": until, "too_far": real + LONGEST_LEASE, "most": limit}
    rows = connection.execute(_claiming(table, urgent), values).mappings().all()
    return sorted(rows, key=lambda row: tuple(row[column.name] for column in _order(table)))


def _order(table: Table) -> tuple[Column[Any], ...]:
    first = (table.c.priority,) if table is outgoing else ()
    return (*first, table.c.due_at, table.c.id)


@cache
def _claiming(table: Table, urgent: bool) -> ReturningUpdate[Any]:
    """Leases the rows due at `now` until `until`; built once, since building it anew costs more than a tick."""
    mine = tuple_(table.c.organisation, table.c.id)
    due = (
        select(table.c.organisation, table.c.id)
        .where(
            text(_WAITING[table.name]),
            table.c.due_at <= bindparam("now"),
            or_(
                table.c.lease_until.is_(None),
                table.c.lease_until <= bindparam("real"),
                table.c.lease_until > bindparam("too_far"),
            ),
            *((_URGENT[table.name],) if urgent else ()),
        )
        .order_by(*_order(table))
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return (
        update(table)
        .where(mine.in_(select(due.c.organisation, due.c.id)))
        .values(lease_until=bindparam("until"))
        .returning(*table.c)
    )
