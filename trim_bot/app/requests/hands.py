"""Whose hands a request is in: asked again it reaches whoever holds the case, and taken back it leaves them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app.cases.hands import give, release
from trim_bot.app.cases.opening import join
from trim_bot.app.cases.state import close_case, get_case
from trim_bot.app.people.eligible import conflict_free
from trim_bot.app.requests.commands import ChangePractitioner, WithdrawFromCase, WithdrawRequest
from trim_bot.app.seam.work import Concerned, Outcome, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.hours import working_days_on
from trim_bot.app.waiting.in_time import comes_too_late
from trim_bot.app.waiting.ladder import note_left, reachable
from trim_bot.domain.cases import Case, CaseState, CloseReason
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import MemberId, RequestId
from trim_bot.domain.requests import OPEN_REQUESTS, RequestState, SupportRequest
from trim_bot.domain.steps import Rung, Step, StepKind, StepState
from workflows.programme import WindowClock


def mark_read(work: UnitOfWork, request: SupportRequest) -> SupportRequest:
    """The person sees the answer; from its first reading on it is kept as long as anything that has ended."""
    if request.answered_at is None or request.read_at is not None:
        return request
    read = replace(request, read_at=work.now)
    work.tx.save(read)
    return read


def request_of(work: UnitOfWork, id: RequestId) -> SupportRequest:
    """The request. Raises NotOpen."""
    request = work.tx.get(SupportRequest, id)
    if request is None:
        raise NotOpen("request")
    return request


def step_of(work: UnitOfWork, request: SupportRequest) -> Step | None:
    """The step that waits for somebody to take the request, or to go on with it."""
    steps = waits.open_steps(work, kind=StepKind.REQUEST, subject=request.id)
    return steps[0] if steps else None


def hold(work: Work, request: SupportRequest) -> None:
    """Put the step into the asker's hands. They are in the form now, so they are next told a rung later."""
    step = step_of(work, request)
    if step is None:
        raise NotOpen("request")
    note_left(work, step)
    due = working_days_on(work, work.who.member, work.site.rung_working_days)
    work.tx.save(
        replace(
            step,
            state=StepState.TOLD,
            rung=Rung.ASSIGNED,
            holder=work.who.id,
            due_at=due,
            reminders=1,
            lease_until=None,
            unowned_since=None,
        )
    )


def give_back(work: UnitOfWork, request: SupportRequest) -> None:
    """Put a taken request back into the pool; the others are told when their hours allow."""
    work.tx.save(replace(request, state=RequestState.WAITING, taken_by=None))
    waits.end(work, StepState.MOVED, kind=StepKind.FIRST_CONTACT, subject=request.id)
    step = step_of(work, request)
    if step is not None:
        waits.pass_to(work, step, Rung.POOL, None)


def finish(work: UnitOfWork, request: SupportRequest) -> None:
    """Nothing waits for the request any more."""
    waits.end(work, StepState.DONE, kind=StepKind.REQUEST, subject=request.id)
    waits.end(work, StepState.CANCELLED, kind=StepKind.FIRST_CONTACT, subject=request.id)


def withdraw_request(work: Work, command: WithdrawRequest) -> Outcome:
    """Take one's own request back. Raises NotOpen for one that has ended or become a case."""
    request = request_of(work, command.request)
    if request.state not in OPEN_REQUESTS:
        raise NotOpen("request")
    take_back(work, request)
    return Outcome("request_withdrawn", {"request": request.id})


def take_back(work: UnitOfWork, request: SupportRequest) -> None:
    """End a request, with the words in it; nothing waits for it any more."""
    work.tx.save(
        replace(
            request,
            state=RequestState.WITHDRAWN,
            text="",
            contact="",
            reply="",
            contact_by=None,
            ended_at=work.now,
            answered_at=None,
            read_at=None,
        )
    )
    for kind in (StepKind.REQUEST, StepKind.FIRST_CONTACT):
        waits.end(work, StepState.CANCELLED, kind=kind, subject=request.id)


def withdraw(work: Work, command: WithdrawFromCase) -> Outcome:
    """End one's own part: reminders stop at once."""
    case = get_case(work, command.case)
    close_case(work, case, CloseReason.WITHDRAWN)
    return Outcome("withdrawn", {"case": case.id})


def change_practitioner(work: Work, command: ChangePractitioner) -> Outcome:
    """Go on with somebody else: whoever had it is not asked again, and can open it no more."""
    case = get_case(work, command.case)
    if case.holder is not None:
        called = case.called
        if not waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id, holder=case.holder):
            called = tuple(id for id in called if id != case.holder)
        if case.named:
            not_with(work, case.member_id, case.holder)
        release(work, replace(case, refused=(*case.refused, case.holder), called=called))
    return Outcome("practitioner_changed", {"case": case.id})


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
            and conflict_free(work, holder, Concerned(case.member_id, case.incidents, case.refused))
        ):
            return holder
    return None


def open_one(work: Work, request: SupportRequest, clock: WindowClock) -> Case | None:
    """The open case in a programme of this clock that a request goes on with, if there is one."""
    known = work.definitions.programmes
    return next((case for case in _cases(work, request) if known[case.programme].clock is clock), None)


def go_on(work: Work, case: Case, request: SupportRequest, ended: datetime | None) -> Case:
    """Put what was asked into the open case. It goes to whoever answers now, unless they may not hold it."""
    account = "\n\n".join(words for words in (case.account, request.text) if words)
    case = replace(case, account=account, contact=request.contact or case.contact)
    work.tx.save(case)
    if ended is not None:
        case = join(work, case, ended)
    free = conflict_free(work, work.who.id, Concerned(case.member_id, case.incidents, case.refused))
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
