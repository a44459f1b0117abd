"""Whom a call for safety goes to, who made it, and the call itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from trim_bot.app.cases.entitled import OfCase, check_holds
from trim_bot.app.cases.state import get_case
from trim_bot.app.people.eligible import who_is_free, who_is_in_date, with_role
from trim_bot.app.seam.work import Concerned, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import count_no_owner
from trim_bot.app.waiting.hours import when_reachable
from trim_bot.app.waiting.ladder import who_is_reachable
from trim_bot.domain.cases import Case, SafetyCall
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Member, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import Rung, StepKind


def made_call(work: Work, asked: OfCase) -> None:
    """Made the last call for safety of the case, and holds the case still in one of those ways."""
    case = get_case(work, asked.case)
    check_holds(work, case)
    if not case.calls or case.calls[-1].made_by != work.who.id:
        raise NotOpen("call")


def who_to_call(work: UnitOfWork, case: Case) -> list[MemberId]:
    """Leads, deputies and the cover who can be told and are free of conflict, or a few where nobody leads."""
    wanted = [*with_role(work, Role.LEAD), *with_role(work, Role.DEPUTY)]
    if case.cover is not None:
        wanted.append(case.cover)
    me = (work.who.member.id,) if work.who.member is not None else ()
    here = who_is_reachable(work, [id for id in dict.fromkeys(wanted) if id not in me], ignoring_leave=True)
    free = who_is_free(work, here, Concerned(case.member_id, case.incidents, case.refused))
    return free or stand_ins_for(work, case, me)


def stand_ins_for(work: UnitOfWork, case: Case, but: Collection[MemberId]) -> list[MemberId]:
    """A few practitioners free of conflict, for a site where nobody leads; those who are at work first."""
    others = [id for id in with_role(work, Role.PRACTITIONER) if id not in but]
    here = who_is_reachable(work, who_is_in_date(work, others), ignoring_leave=True)
    free = who_is_free(work, here, Concerned(case.member_id, case.incidents, case.refused))
    free.sort(key=lambda id: when_reachable(work, work.tx.get(Member, id)))
    return free[: POLICY.called_where_nobody_leads]


def summon(work: UnitOfWork, case: Case) -> Case:
    """Call everyone free of conflict who is not called already, or a few practitioners where nobody leads.

    With nobody to call at all, it stands first on the board of whoever leads next.
    """
    called = who_to_call(work, case)
    waiting = {step.holder for step in waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id)}
    for id in called:
        if id not in waiting:
            step = waits.begin(work, StepKind.SAFETY, case.id, Rung.ASSIGNED, id, case=case.id)
            # Queued with the call itself, so that it waits for no look at steps that are due.
            waits.tell(work, id, step)
    if not called and not waiting:
        waits.begin(work, StepKind.SAFETY, case.id, Rung.NOBODY, None, case=case.id)
        count_no_owner(work)
    summoned = replace(case, called=tuple(dict.fromkeys((*case.called, *called))), calls=_noted(work, case))
    work.tx.save(summoned)
    return summoned


def _noted(work: UnitOfWork, case: Case) -> tuple[SafetyCall, ...]:
    """The calls of a case with this one; one that is open and that somebody else joins is nobody's to take back."""
    me = work.who.member.id if work.who.member is not None else None
    if not case.calls or case.calls[-1].end is not None:
        return (*case.calls, SafetyCall(work.now, me))[-POLICY.calls_kept :]
    *before, last = case.calls
    return (*before, last if last.made_by == me else replace(last, made_by=None))
