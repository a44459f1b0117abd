"""Erases a case or a member in an order that survives a crash, and frees what they held: one file, since
both are one commit.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, insert, select, update

from trim_bot.app.people.eligible import known_by
from trim_bot.app.people.staff_rows import StaffRow, enter_again, leave_greeting
from trim_bot.app.seam.ports import Clock, Journal, KeyDestroyer, Store, Tx
from trim_bot.domain.cases import CaseState
from trim_bot.domain.errors import EachInTurn
from trim_bot.domain.ids import CaseId, MemberId, OrganisationId, new_id
from trim_bot.domain.people import Joined
from trim_bot.domain.records import Action
from trim_bot.domain.requests import RequestState
from trim_bot.domain.steps import OPEN_STATES, Rung, StepKind, StepState
from trim_bot.storage import tables as t
from trim_bot.storage.binding import BoundRows
from trim_bot.storage.erasure.erasure_plan import plan_erasure
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.ledger_tables import ErasureKind, ErasureLine
from trim_bot.storage.organisation_removal import OrganisationInUse, delete_all, keys_of, keys_of_empty
from trim_bot.storage.transaction import SqlTx

CLOCK = "clock"
"""The journal's name for what the desk does by itself."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What became of the erasures that had been cut short."""

    ended: Mapping[str, int] = field(default_factory=dict)
    """How many were carried through, by kind."""
    called_off: tuple[str, ...] = ()
    """Slugs of organisations whose removal was called off: they are still there."""


class Eraser:
    """Erases, and carries through what was begun. Raises `StoreUnavailable`; then `resume` goes on later."""

    def __init__(
        self,
        store: Store,
        ledger: ErasureLedger,
        keys: KeyDestroyer,
        clock: Clock,
        overwrite: Callable[[], None] = lambda: None,
    ) -> None:
        """`overwrite` sees that what was deleted stands in no log of a store either; only then is it done."""
        self._overwrite = overwrite
        self._store = store
        self._ledger = ledger
        self._keys = keys
        self._clock = clock

    async def erase_case(self, organisation: OrganisationId, id: CaseId, *, actor: str = CLOCK) -> bool:
        """Erase a case and all that hangs on it; False when nothing is there. `actor` is a pseudonym."""
        return await self.erase(organisation, ErasureKind.CASE, id, actor=actor)

    async def erase_member(
        self, organisation: OrganisationId, id: MemberId, *, actor: str = CLOCK, gone: bool = False
    ) -> bool:
        """Erase a member with everything about them; what they held for others finds a new owner.

        Whoever still works there is entered among the staff again, unless they are `gone`. False when nothing is there.
        `actor` is a pseudonym for the journal.
        """
        return await self.erase(organisation, ErasureKind.MEMBER, id, actor=actor, gone=gone)

    async def erase(
        self,
        organisation: OrganisationId,
        what: ErasureKind,
        id: str,
        *,
        actor: str = CLOCK,
        gone: bool = False,
    ) -> bool:
        """Erase any record that can be erased by itself; False when nothing is there."""
        lines: list[str] = []
        former: list[Joined] = []
        staff: list[StaffRow] = []
        if what is ErasureKind.MEMBER:
            staff = await self._store.write(
                organisation, lambda tx: leave_greeting(tx, MemberId(id), gone=gone)
            )
            lines = await self._store.read(organisation, lambda tx: _reporting_lines(tx, id))
            former = await self._store.read(organisation, lambda tx: tx.find(Joined, member_id=id))

        def plan(tx: Tx) -> list[str] | None:
            plan = plan_erasure(connection_of(tx), organisation, what, id, lines)
            return plan.keys(connection_of(tx)) if plan else None

        keys = await self._store.read(organisation, plan)
        if keys is None:
            return False
        at = self._clock.real()
        # A backup from before two were joined still has the other under an id of their own. All or none: with the
        # key of the one gone alone, what is left of the other could be opened no more, not even to be erased.
        named = [*((str(one.id), [str(one.key_id)]) for one in former), (id, keys)]
        begun = await asyncio.to_thread(self._ledger.begin_all, organisation, what, named, at, lines)
        for erasure in begun:
            await self._carry_through(erasure, actor, staff if erasure.record_id == id else ())
        return True

    async def remove_organisation(self, organisation: OrganisationId) -> None:
        """Remove an organisation that nobody ever used, with its keys; its journal goes with it.

        Nobody else may work with the stores meanwhile. Raises OrganisationInUse, NotTheOwner.
        """
        for left in await asyncio.to_thread(self._ledger.unfinished):
            if left.what is ErasureKind.ORGANISATION and left.organisation == organisation:
                await asyncio.to_thread(self._ledger.call_off, left, self._clock.real())
        keys = await self._store.write(
            organisation, lambda tx: keys_of_empty(connection_of(tx), organisation)
        )
        what, at = ErasureKind.ORGANISATION, self._clock.real()
        erasure = await asyncio.to_thread(self._ledger.begin, organisation, what, organisation, keys, at)

        def body(tx: Tx) -> list[str]:
            # Asked again where it is deleted: what came since the line would go with it.
            found = keys_of_empty(connection_of(tx), organisation)
            delete_all(connection_of(tx), organisation)
            return _others(found, erasure.key_ids)

        try:
            others = await self._store.write(organisation, body)
        except OrganisationInUse:
            await asyncio.to_thread(self._ledger.call_off, erasure, self._clock.real())
            raise
        await self._end_removal(erasure, others)

    async def _end_removal(self, erasure: ErasureLine, others: Iterable[str] = ()) -> None:
        """The rows are gone. The keys go after them, so that one cut short before leaves all as it was."""
        await asyncio.to_thread(self._keys.destroy, [*erasure.key_ids, *others])
        await asyncio.to_thread(self._overwrite)
        await asyncio.to_thread(self._ledger.finish, erasure, self._clock.real())

    async def resume(self) -> Resumed:
        """Carry through every erasure that was begun and not ended; returns which.

        The removal of an organisation whose rows are still there is called off instead: it may be in use by now.
        """
        unfinished = await asyncio.to_thread(self._ledger.unfinished)
        each, ended, called_off = EachInTurn(), Counter[str](), list[str]()
        for erasure in unfinished:
            with each.turn():
                if erasure.what is ErasureKind.ORGANISATION:
                    slug = await self._slug_of(erasure.organisation)
                    if slug is not None:
                        await asyncio.to_thread(self._ledger.call_off, erasure, self._clock.real())
                        called_off.append(slug)
                        continue
                    await self._end_removal(erasure)
                else:
                    await self._carry_through(erasure, CLOCK)
                ended[erasure.what.value] += 1
        each.tell()
        return Resumed(dict(ended), tuple(called_off))

    async def _slug_of(self, organisation: str) -> str | None:
        return next((one.slug for one in await self._store.organisations() if one.id == organisation), None)

    async def _carry_through(self, erasure: ErasureLine, actor: str, staff: Iterable[StaffRow] = ()) -> None:
        """`staff` is entered again in the same commit; what a crash lost of it, the platform's list brings back."""
        now = self._clock.now()
        await asyncio.to_thread(self._keys.destroy, erasure.key_ids)

        def body(tx: Tx) -> list[str]:
            found = erase_rows(connection_of(tx), tx.journal, bound_of(tx), erasure, actor, now)
            enter_again(tx, staff, now)
            return found

        others = await self._store.write(OrganisationId(erasure.organisation), body)
        # Rows that came between the plan and the deletion may have brought a key with them.
        await asyncio.to_thread(self._keys.destroy, others)
        await asyncio.to_thread(self._overwrite)
        await asyncio.to_thread(self._ledger.finish, erasure, self._clock.real())


def erase_rows(
    connection: Connection,
    journal: Journal,
    bound: BoundRows,
    erasure: ErasureLine,
    actor: str,
    now: datetime,
) -> list[str]:
    """Delete every row of an erasure and journal it, in the caller's transaction; `now` is business time.

    Returns keys to be destroyed as well, which the erasure did not name. Done again, it does nothing.
    """
    if erasure.what is ErasureKind.ORGANISATION:
        keys = _others(keys_of(connection, erasure.organisation), erasure.key_ids)
        delete_all(connection, erasure.organisation)
        return keys
    plan = plan_erasure(connection, erasure.organisation, erasure.what, erasure.record_id, erasure.other_ids)
    if not plan:
        return []
    keys = _others(plan.keys(connection), erasure.key_ids)
    if erasure.what is ErasureKind.MEMBER:
        reassign_work(connection, bound, erasure.organisation, erasure.record_id, now)
    plan.delete(connection, bound)
    journal.write(actor, Action.ERASED, f"erase_{erasure.what.value}", "", now)
    return keys


def connection_of(tx: Tx) -> Connection:
    """The connection behind a transaction. Rows whose keys are gone can be found in no other way."""
    if not isinstance(tx, SqlTx):
        raise TypeError("erasure needs the store that speaks SQL")
    return tx.connection


def bound_of(tx: Tx) -> BoundRows:
    """What binds the rows of a transaction, for work on them without their records."""
    if not isinstance(tx, SqlTx):
        raise TypeError("erasure needs the store that speaks SQL")
    return tx.bound


def _others(keys: Iterable[str], known: Collection[str]) -> list[str]:
    return [key for key in keys if key not in known]


def _reporting_lines(tx: Tx, member_id: str) -> list[str]:
    """Lines that name the member at either end; they are found through addresses that can still be opened."""
    digests = sorted(known_by(tx, MemberId(member_id)))
    if not digests:
        return []
    # As they stand: one that was altered or put in goes too, and one that was taken out keeps nobody from going.
    line = t.reporting_lines.c
    query = select(line.id).where(line.organisation == tx.organisation)
    return sorted(
        connection_of(tx).scalars(query.where(line.person.in_(digests) | line.manager.in_(digests)))
    )


_OPEN = tuple(state.value for state in OPEN_STATES)
_ENDED_WITH_HOLDER = tuple(
    kind.value
    for kind in (
        StepKind.FIRST_CONTACT,
        StepKind.AFTER_CALL,
        StepKind.CHECK_IN,
        StepKind.REFERRAL,
        StepKind.REVIEW,
        StepKind.AGREED_TIME,
    )
)
"""What whoever takes a case next is given afresh, as when its holder passes it on."""


def reassign_work(
    connection: Connection, bound: BoundRows, organisation: str, member_id: str, now: datetime
) -> None:
    """Take a member off every case, request, offer and open step, at `now` (UTC, business time).

    Open cases and requests they held wait in the pool. Any other step has no holder from now on, and climbs when the
    clock looks at it, so nothing goes silent.
    """
    rows = _Rows(connection, bound, organisation)
    _let_go_of_cases(rows, member_id, now)
    _let_go_of_requests(rows, member_id, now)
    rows.change(t.offers, t.offers.c.proposed == member_id, proposed=None)
    for column in t.LETS_GO_OF:
        rows.change(column.table, column == member_id, **{column.name: None})
    held = (t.steps.c.holder == member_id, t.steps.c.state.in_(_OPEN), t.steps.c.rung != Rung.PERSON.value)
    rows.change(t.steps, *held, t.steps.c.state == StepState.TOLD.value, due_at=now)
    rows.change(t.steps, *held, holder=None, lease_until=None)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Changes rows of one organisation without their records, which may be sealed under keys that are gone."""

    connection: Connection
    bound: BoundRows
    organisation: str

    def ids(self, table: Table, *those: ColumnElement[bool]) -> list[str]:
        """The rows that fit every condition."""
        query = select(table.c.id).where(table.c.organisation == self.organisation, *those)
        return list(self.connection.scalars(query))

    def change(self, table: Table, *those: ColumnElement[bool], **values: object) -> None:
        """Give new values to the rows that fit every condition."""
        self.bound.touch(table, self.ids(table, *those))
        change = update(table).where(table.c.organisation == self.organisation, *those)
        self.connection.execute(change.values(**values))


def _let_go_of_cases(rows: _Rows, member_id: str, now: datetime) -> None:
    case = t.cases.c
    for id in rows.ids(t.cases, case.holder == member_id, case.state == CaseState.OPEN.value):
        _to_pool(rows, id, now)
    for column in (case.holder, case.cover, case.closed_by):
        rows.change(t.cases, column == member_id, **{column.name: None})


def _to_pool(rows: _Rows, case: str, now: datetime) -> None:
    """Its conversations and referrals wait for whoever takes the case, and taking it is what waits now."""
    rows.change(t.check_ins, t.check_ins.c.case_id == case, t.check_ins.c.held_at.is_(None), agreed_at=None)
    steps = (t.steps.c.state.in_(_OPEN), t.steps.c.case_id == case)
    rows.change(
        t.steps,
        *steps,
        t.steps.c.kind.in_(_ENDED_WITH_HOLDER),
        state=StepState.MOVED.value,
        due_at=now,
        lease_until=None,
    )
    if not rows.ids(t.steps, *steps, t.steps.c.kind == StepKind.ASSIGN.value):
        row = {
            "organisation": rows.organisation,
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
        rows.connection.execute(insert(t.steps).values(row))
        rows.bound.new(t.steps, str(row["id"]))


def _let_go_of_requests(rows: _Rows, member_id: str, now: datetime) -> None:
    request = t.support_requests.c
    taken = (request.taken_by == member_id, request.state == RequestState.TAKEN.value)
    for id in rows.ids(t.support_requests, *taken):
        rows.change(
            t.steps,
            t.steps.c.state.in_(_OPEN),
            t.steps.c.kind == StepKind.REQUEST.value,
            t.steps.c.subject == id,
            state=StepState.WAITING.value,
            rung=Rung.POOL.value,
            holder=None,
            due_at=now,
            lease_until=None,
            reminders=0,
            failures=0,
        )
    rows.change(t.support_requests, *taken, taken_by=None, state=RequestState.WAITING.value)
