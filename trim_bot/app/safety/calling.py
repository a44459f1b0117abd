"""Calls in lead, deputy and cover together when someone may come to harm; hours and leave are ignored."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.people.eligible import conflict_free, with_role
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import count_no_owner
from trim_bot.app.waiting.ladder import reachable
from trim_bot.domain.cases import Case
from trim_bot.domain.people import Role
from trim_bot.domain.steps import Rung, StepKind


def summon(work: Work, case: Case) -> Case:
    """Call everyone free of conflict who is not called already; with nobody to call, coordinators are told."""
    wanted = [*with_role(work, Role.LEAD), *with_role(work, Role.DEPUTY)]
    if case.cover is not None:
        wanted.append(case.cover)
    called = [
        id
        for id in dict.fromkeys(wanted)
        if (work.who.member is None or id != work.who.id)
        and reachable(work, id, ignoring_leave=True)
        and conflict_free(work, id, case.member_id, case.incidents, case.refused)
    ]
    waiting = {step.holder for step in waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id)}
    for id in called:
        if id not in waiting:
            step = waits.begin(work, StepKind.SAFETY, case.id, Rung.ASSIGNED, id, case=case.id)
            # Queued with the call itself, so that it waits for no look at steps that are due.
            waits.tell(work, id, step)
    if not called and not waiting:
        waits.begin(work, StepKind.SAFETY, case.id, Rung.NOBODY, None, case=case.id)
        count_no_owner(work)
    summoned = replace(case, called=tuple(dict.fromkeys((*case.called, *called))))
    work.tx.save(summoned)
    return summoned
