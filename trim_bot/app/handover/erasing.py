"""Erasing one's own record: everything open ends at once, and the rest is queued for the erasure sweep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from trim_bot.app.cases.hands import release
from trim_bot.app.cases.state import close_case
from trim_bot.app.handover.commands import EraseMe
from trim_bot.app.handover.reassignment import move_on
from trim_bot.app.people.eligible import note_staffing
from trim_bot.app.people.looking_again import look_again
from trim_bot.app.requests.hands import give_back, take_back
from trim_bot.app.seam import mending
from trim_bot.app.seam.ports import Clock, Store, Tx
from trim_bot.app.seam.work import Outcome, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.cases import Case, CaseState, CloseReason
from trim_bot.domain.errors import EachInTurn, Invalid
from trim_bot.domain.ids import MemberId, OrganisationId, new_id
from trim_bot.domain.incidents import Offer
from trim_bot.domain.looks import ClockLook
from trim_bot.domain.people import Member
from trim_bot.domain.records import Erasure
from trim_bot.domain.requests import OPEN_REQUESTS, RequestState, SupportRequest
from trim_bot.domain.steps import Rung, StepState


def erase(work: Work, command: EraseMe) -> Outcome:
    """End everything and ask for erasure; keys die outside transactions, so a sweep carries it out."""
    me = work.who.member
    if not command.sure:
        raise Invalid(sure=mending.TICK_TO_GO_ON)
    _end_own(work, me)
    _let_go(work, me.id)
    work.tx.save(replace(me, left=True))
    note_staffing(work.tx, work.now)
    work.tx.add(Erasure(new_id(), me.id, work.now))
    return Outcome("erased")


def _end_own(work: Work, me: Member) -> None:
    for case in work.tx.find(Case, member_id=me.id, state=CaseState.OPEN):
        close_case(work, case, CloseReason.WITHDRAWN)
    for request in work.tx.find(SupportRequest, member_id=me.id, state=OPEN_REQUESTS):
        take_back(work, request)
    for offer in work.tx.find(Offer, member_id=me.id):
        waits.end(work, StepState.CANCELLED, subject=offer.id)
    for step in waits.open_steps(work, holder=me.id, rung=Rung.PERSON):
        work.tx.save(waits.ended(work, step, StepState.CANCELLED))


def _let_go(work: Work, me: MemberId) -> None:
    """What somebody who serves had in their hands goes to others at once."""
    for case in work.tx.find(Case, holder=me, state=CaseState.OPEN):
        release(work, case)
    for request in work.tx.find(SupportRequest, taken_by=me, state=RequestState.TAKEN):
        give_back(work, request)
    move_on(work, me, None)


class Eraser(Protocol):
    """Destroys keys and rows."""

    async def erase_member(self, organisation: OrganisationId, id: MemberId) -> bool:
        """Erase a member with everything about them; False when nothing is there. Raises StoreUnavailable."""
        ...


async def erase_all_asked(store: Store, eraser: Eraser, clock: Clock) -> int:
    """Erase the members who asked for it, in every organisation that has any; returns how many asked.

    Where one fails, it is looked at again. Raises the first failure when all had their turn.
    """
    done, each = 0, EachInTurn()
    for organisation in await store.organisations_due(ClockLook.ERASURES, clock.now()):
        id = OrganisationId(organisation.id)
        with each.turn():
            done += await erase_asked(store, eraser, id)
            await store.write(id, lambda tx: _looked(tx, clock.now()))
    each.tell()
    return done


def _looked(tx: Tx, now: datetime) -> None:
    # Whoever asked meanwhile is not passed over.
    if not tx.find(Erasure, limit=1):
        look_again(tx, ClockLook.ERASURES, now)


async def erase_asked(store: Store, eraser: Eraser, organisation: OrganisationId) -> int:
    """Erase the members of one organisation who asked for it; returns how many asked.

    One that fails keeps nobody behind it waiting; its failure is raised when all had their turn.
    """
    asked = await store.read(organisation, lambda tx: tx.find(Erasure, order_by="asked_at"))
    each = EachInTurn()
    for one in asked:
        with each.turn():
            await eraser.erase_member(organisation, one.member_id)
            await store.write(organisation, _dropping(one.id))
    each.tell()
    return len(asked)


def _dropping(id: str) -> Callable[[Tx], None]:
    return lambda tx: tx.drop(Erasure, id)
