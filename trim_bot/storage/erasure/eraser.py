"""Erases a case or a member in an order that survives a crash: ledger, keys, rows, ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection

from trim_bot.app.people.eligible import known_by
from trim_bot.app.seam.ports import Clock, KeyDestroyer, Store, Tx
from trim_bot.domain.ids import CaseId, MemberId, OrganisationId
from trim_bot.domain.people import Joined, ReportingLine
from trim_bot.domain.records import Action
from trim_bot.storage.erasure.erasure_plan import plan_erasure
from trim_bot.storage.erasure.reassignment import reassign_work
from trim_bot.storage.journal import SqlJournal
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.ledger_tables import ErasureKind, ErasureLine
from trim_bot.storage.transaction import SqlTx

CLOCK = "clock"
"""The journal's name for what the desk does by itself."""


class Eraser:
    """Erases, and carries through what was begun. Raises `StoreUnavailable`; then `resume` goes on later."""

    def __init__(self, store: Store, ledger: ErasureLedger, keys: KeyDestroyer, clock: Clock) -> None:
        self._store = store
        self._ledger = ledger
        self._keys = keys
        self._clock = clock

    async def erase_case(self, organisation: OrganisationId, id: CaseId, *, actor: str = CLOCK) -> bool:
        """Erase a case and all that hangs on it; False when nothing is there. `actor` is a pseudonym."""
        return await self.erase(organisation, ErasureKind.CASE, id, actor=actor)

    async def erase_member(self, organisation: OrganisationId, id: MemberId, *, actor: str = CLOCK) -> bool:
        """Erase a member with everything about them; what they held for others finds a new owner.

        False when nothing is there. `actor` is a pseudonym for the journal.
        """
        return await self.erase(organisation, ErasureKind.MEMBER, id, actor=actor)

    async def erase(
        self, organisation: OrganisationId, what: ErasureKind, id: str, *, actor: str = CLOCK
    ) -> bool:
        """Erase any record that can be erased by itself; False when nothing is there."""
        lines: list[str] = []
        former: list[Joined] = []
        if what is ErasureKind.MEMBER:
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
            await self._carry_through(erasure, actor)
        return True

    async def resume(self) -> int:
        """Carry through every erasure that was begun and not ended; returns how many there were."""
        unfinished = await asyncio.to_thread(self._ledger.unfinished)
        for erasure in unfinished:
            await self._carry_through(erasure, CLOCK)
        return len(unfinished)

    async def _carry_through(self, erasure: ErasureLine, actor: str) -> None:
        now = self._clock.now()
        await asyncio.to_thread(self._keys.destroy, erasure.key_ids)
        others = await self._store.write(
            OrganisationId(erasure.organisation),
            lambda tx: erase_rows(connection_of(tx), erasure, actor, now),
        )
        # Rows that came between the plan and the deletion may have brought a key with them.
        await asyncio.to_thread(self._keys.destroy, others)
        await asyncio.to_thread(self._ledger.finish, erasure, self._clock.real())


def erase_rows(connection: Connection, erasure: ErasureLine, actor: str, now: datetime) -> list[str]:
    """Delete every row of an erasure and journal it, in the caller's transaction; `now` is business time.

    Returns keys to be destroyed as well, which the erasure did not name. Done again, it does nothing.
    """
    plan = plan_erasure(connection, erasure.organisation, erasure.what, erasure.record_id, erasure.other_ids)
    if not plan:
        return []
    keys = _others(plan.keys(connection), erasure.key_ids)
    if erasure.what is ErasureKind.MEMBER:
        reassign_work(connection, erasure.organisation, erasure.record_id, now)
    plan.delete(connection)
    what = f"erase_{erasure.what.value}"
    SqlJournal(connection, erasure.organisation).write(actor, Action.ERASED, what, "", now)
    return keys


def connection_of(tx: Tx) -> Connection:
    """The connection behind a transaction. Rows whose keys are gone can be found in no other way."""
    if not isinstance(tx, SqlTx):
        raise TypeError("erasure needs the store that speaks SQL")
    return tx.connection


def _others(keys: Iterable[str], known: Collection[str]) -> list[str]:
    return [key for key in keys if key not in known]


def _reporting_lines(tx: Tx, member_id: str) -> list[str]:
    """Lines that name the member at either end; they are found through addresses that can still be opened."""
    digests = tuple(sorted(known_by(tx, MemberId(member_id))))
    if not digests:
        return []
    lines = tx.find(ReportingLine, person=digests) + tx.find(ReportingLine, manager=digests)
    return sorted({line.id for line in lines})
