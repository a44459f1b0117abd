"""A person who asks again by name while a case of theirs is open: it reaches whoever holds that case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app.cases.hands import give
from trim_bot.app.cases.opening import join
from trim_bot.app.people.eligible import conflict_free
from trim_bot.app.requests.hands import step_of
from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.in_time import comes_too_late
from trim_bot.app.waiting.ladder import reachable
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.ids import MemberId
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung, StepKind


def wait_for_colleague(work: Work, request: SupportRequest) -> bool:
    """Begin the wait: for the colleague who knows them already and is at work in time, else for the first to take it.

    Whether one does.
    """
    colleague = colleague_of(work, request)
    rung = Rung.POOL if colleague is None else Rung.ASSIGNED
    step = waits.begin(work, StepKind.REQUEST, request.id, rung, colleague)
    if colleague is not None and comes_too_late(work, step):
        waits.pass_to(work, step, Rung.POOL, None)
        return False
    return colleague is not None


def not_wanted(work: Work, request: SupportRequest) -> tuple[MemberId, ...]:
    """Practitioners the person has said they do not want, in a case that goes on."""
    return tuple(dict.fromkeys(id for case in _cases(work, request) for id in case.refused))


def not_with(work: Work, person: MemberId, practitioner: MemberId) -> None:
    """What a person asked by name and waits for this practitioner goes to the others instead."""
    for request in work.tx.find(SupportRequest, member_id=person, state=RequestState.WAITING, named=True):
        step = step_of(work, request)
        work.tx.save(replace(request, passed_by=(*request.passed_by, practitioner)))
        if step is not None and step.holder == practitioner:
            waits.pass_to(work, step, Rung.POOL, None)


def colleague_of(work: Work, request: SupportRequest) -> MemberId | None:
    """Whoever holds an open case of the person and can be told; None where the request is not linked to one."""
    for case in _cases(work, request):
        holder = case.holder
        if (
            holder is not None
            and holder not in request.passed_by
            and reachable(work, holder)
            and conflict_free(work, holder, case.member_id, case.incidents, case.refused)
        ):
            return holder
    return None


def open_one(work: Work, request: SupportRequest, programme: str) -> Case | None:
    """The open case in this programme that a request goes on with, if there is one."""
    return next((case for case in _cases(work, request) if case.programme == programme), None)


def go_on(work: Work, case: Case, request: SupportRequest, ended: datetime | None) -> Case:
    """Put what was asked into the open case. It goes to whoever answers now, unless they may not hold it."""
    account = "\n\n".join(words for words in (case.account, request.text) if words)
    case = replace(case, account=account, contact=request.contact or case.contact)
    work.tx.save(case)
    if ended is not None:
        case = join(work, case, ended)
    free = conflict_free(work, work.who.id, case.member_id, case.incidents, case.refused)
    if case.holder == work.who.id or not free:
        return case
    cover = case.cover if case.cover != work.who.id else None
    return give(work, case, work.who.id, cover)


def _cases(work: Work, request: SupportRequest) -> list[Case]:
    """Cases under the person's name, newest first. Without a name, on either side, nothing is ever linked."""
    if request.member_id is None or not request.named:
        return []
    return work.tx.find(
        Case, member_id=request.member_id, named=True, state=CaseState.OPEN, order_by="-opened_at"
    )
