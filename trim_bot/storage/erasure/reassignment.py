"""Frees what a member held when they are erased, so that each piece of work finds a new owner."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from trim_bot.domain.cases import CaseState
from trim_bot.domain.ids import new_id
from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import OPEN_STATES, Rung, StepKind, StepState
from trim_bot.storage import tables as t

_OPEN = tuple(state.value for state in OPEN_STATES)
_ENDED_WITH_HOLDER = tuple(
    kind.value
    for kind in (
        StepKind.FIRST_CONTACT,
        StepKind.CHECK_IN,
        StepKind.REFERRAL,
        StepKind.REVIEW,
        StepKind.AGREED_TIME,
    )
)
"""What whoever takes a case next is given afresh, as when its holder passes it on."""


def reassign_work(connection: Connection, organisation: str, member_id: str, now: datetime) -> None:
    """Take a member off every case, request, offer and open step, at `now` (UTC, business time).

    Open cases and requests they held wait in the pool. Any other step has no holder from now on, and climbs when the
    clock looks at it, so nothing goes silent.
    """
    _let_go_of_cases(connection, organisation, member_id, now)
    _let_go_of_requests(connection, organisation, member_id, now)
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


def _let_go_of_cases(connection: Connection, organisation: str, member_id: str, now: datetime) -> None:
    mine = (t.cases.c.organisation == organisation, t.cases.c.holder == member_id)
    opened = connection.scalars(
        select(t.cases.c.id).where(*mine, t.cases.c.state == CaseState.OPEN.value)
    ).all()
    for case in opened:
        _to_pool(connection, organisation, case, now)
    for column in (t.cases.c.holder, t.cases.c.cover, t.cases.c.closed_by):
        connection.execute(
            update(t.cases)
            .where(t.cases.c.organisation == organisation, column == member_id)
            .values({column.name: None})
        )


def _to_pool(connection: Connection, organisation: str, case: str, now: datetime) -> None:
    """Its conversations and referrals wait for whoever takes the case, and taking it is what waits now."""
    connection.execute(
        update(t.check_ins)
        .where(t.check_ins.c.organisation == organisation, t.check_ins.c.case_id == case)
        .where(t.check_ins.c.held_at.is_(None))
        .values(agreed_at=None)
    )
    steps = (*_open_steps(organisation), t.steps.c.case_id == case)
    connection.execute(
        update(t.steps)
        .where(*steps, t.steps.c.kind.in_(_ENDED_WITH_HOLDER))
        .values(state=StepState.MOVED.value, due_at=now, lease_until=None)
    )
    waiting = select(t.steps.c.id).where(*steps, t.steps.c.kind == StepKind.ASSIGN.value)
    if connection.scalars(waiting).first() is None:
        row = {
            "organisation": organisation,
            "id": new_id(),
            "kind": StepKind.ASSIGN.value,
            "subject": case,
            "case_id": case,
            "state": StepState.WAITING.value,
            "rung": Rung.POOL.value,
            "opens_at": now,
            "due_at": now,
            "reminders": 0,
            "failures": 0,
            "tries": 0,
        }
        connection.execute(insert(t.steps).values(row))


def _let_go_of_requests(connection: Connection, organisation: str, member_id: str, now: datetime) -> None:
    taken = (
        t.support_requests.c.organisation == organisation,
        t.support_requests.c.taken_by == member_id,
        t.support_requests.c.state == RequestState.TAKEN.value,
    )
    ids = connection.scalars(select(t.support_requests.c.id).where(*taken)).all()
    for request in ids:
        connection.execute(
            update(t.steps)
            .where(
                *_open_steps(organisation),
                t.steps.c.kind == StepKind.REQUEST.value,
                t.steps.c.subject == request,
            )
            .values(
                state=StepState.WAITING.value,
                rung=Rung.POOL.value,
                holder=None,
                due_at=now,
                lease_until=None,
                reminders=0,
                failures=0,
            )
        )
    connection.execute(
        update(t.support_requests).where(*taken).values(taken_by=None, state=RequestState.WAITING.value)
    )


def _open_steps(organisation: str) -> tuple[ColumnElement[bool], ...]:
    return (t.steps.c.organisation == organisation, t.steps.c.state.in_(_OPEN))
