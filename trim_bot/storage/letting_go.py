"""Frees what a member held when they are erased, so that the ladder finds each piece of work a new owner."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, update

from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import OPEN_STATES, Rung, StepState
from trim_bot.storage import tables as t

_OPEN = tuple(state.value for state in OPEN_STATES)


def let_go(connection: Connection, organisation: str, member_id: str, now: datetime) -> None:
    """Take a member off every case, request and open step; steps they were told of are due at `now` (UTC).

    A step with no holder climbs when the clock next looks at it, so nothing goes silent.
    """
    for column in (t.cases.c.holder, t.cases.c.cover):
        connection.execute(
            update(t.cases)
            .where(t.cases.c.organisation == organisation, column == member_id)
            .values({column.name: None})
        )
    connection.execute(
        update(t.offers)
        .where(t.offers.c.organisation == organisation, t.offers.c.proposed == member_id)
        .values(proposed=None)
    )
    held = (
        t.steps.c.organisation == organisation,
        t.steps.c.holder == member_id,
        t.steps.c.state.in_(_OPEN),
        t.steps.c.rung != Rung.PERSON.value,
    )
    connection.execute(
        update(t.steps).where(*held, t.steps.c.state == StepState.TOLD.value).values(due_at=now)
    )
    connection.execute(update(t.steps).where(*held).values(holder=None, lease_until=None))
    connection.execute(
        update(t.support_requests)
        .where(
            t.support_requests.c.organisation == organisation,
            t.support_requests.c.taken_by == member_id,
            t.support_requests.c.state == RequestState.TAKEN.value,
        )
        .values(taken_by=None, state=RequestState.WAITING.value)
    )
