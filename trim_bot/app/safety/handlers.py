"""Calls lead, deputy and cover together when somebody may not be safe, and shows each whom to ring."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trim_bot.app.cases import after_call
from trim_bot.app.cases.entitled import check_holds
from trim_bot.app.cases.state import get_case, get_check_in
from trim_bot.app.cases.supervision import ask_lead
from trim_bot.app.cases.whose import whose
from trim_bot.app.people.eligible import manages, who_is_free, with_role
from trim_bot.app.safety import screens
from trim_bot.app.safety.calling import stand_ins_for, summon, who_to_call
from trim_bot.app.safety.commands import (
    AcknowledgeSafety,
    OpenConcern,
    OpenSafetyCall,
    TakeBackSafety,
)
from trim_bot.app.safety.drafts import keep_draft
from trim_bot.app.seam.links import CallForSafety, KeepAndAskSafety, OpenSafety
from trim_bot.app.seam.paging import part_by_id, part_of, placed
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Concerned, Next, Outcome, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.words.times import spoken_date
from trim_bot.domain.cases import CallEnd, Case, CaseState, SafetyCall
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Member, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import Step, StepKind, StepState
from workflows.engine import Reason


def open_safety(work: Work, command: OpenSafety) -> Screen:
    """The fixed screen, with whom to ring."""
    case = get_case(work, command.case)
    called = _called(work, case)
    # Those nobody has written to yet come first: they can only be rung.
    to_ring = [one.member for one in sorted(called, key=lambda one: one.reached)]
    to_ring = to_ring or _members(work, _to_ring(work, case))
    part = part_by_id(to_ring, lambda one: one.id, command.after)
    last = case.calls[-1] if case.calls else None
    has_it = after_call.last_answered(case)
    stands = screens.CallStands(
        case=case.id,
        state=_stands(work, case, called),
        called=called,
        wanted=_members(work, who_to_call(work, case)),
        again_at=_again_at(work, case),
        mine=last is not None and last.end is None and last.made_by == work.who.id,
        has_it=work.tx.get(Member, has_it.ended_by) if has_it is not None and has_it.ended_by else None,
        since=has_it.ended_at if has_it is not None else None,
        followed=has_it is not None,
    )
    return screens.safety_page(whose(work, case), stands, part, work.site, work.zone)


def open_concern(work: Work, command: OpenConcern) -> Screen:
    """The open cases that the asker could call for, those they have held longest first, and nobody's name."""
    held = work.tx.find(Case, holder=work.who.id, state=CaseState.OPEN)
    waiting = waits.open_steps(work, holder=work.who.id)
    others = work.tx.get_many(Case, [step.case_id for step in waiting if step.case_id is not None])
    cases = {case.id: case for case in (*held, *others.values()) if _opens(work, case)}
    part = part_of(cases.values(), lambda case: placed(case.opened_at, case.id), command.after)
    days = (spoken_date(case.opened_at.astimezone(work.zone).date()) for case in part.rows)
    began = part.holding((case.id, day) for case, day in zip(part.rows, days, strict=True))
    return screens.concern_page(began, work.site)


def keep_and_ask(work: Work, command: KeepAndAskSafety) -> Next:
    """Keep the draft, and show whom a call would go to. Nobody is called yet."""
    case = get_case(work, command.case)
    _keep(work, case, command)
    return OpenSafety(case.id)


def call(work: Work, command: CallForSafety) -> Next:
    """Keep the draft, then call everybody who can help. A call that is still open calls nobody twice."""
    case = get_case(work, command.case)
    _keep(work, case, command)
    summon(work, case)
    return OpenSafety(case.id)


def open_call(work: Work, command: OpenSafetyCall) -> Screen:
    """Whom to ring now, for somebody who was called."""
    case = get_case(work, command.case)
    held = [step.holder for step in waits.open_steps(work, kind=StepKind.CHECK_IN, case_id=case.id)]
    ids = dict.fromkeys(
        id
        for id in (case.holder, *held)
        if id is not None and id != work.who.id and not manages(work, id, case.member_id)
    )
    return screens.call_page(
        case.id, _members(work, list(ids)), work.site,
        waits=bool(waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id)),
        opens=_opens(work, case),
    )  # fmt: skip


def acknowledge(work: Work, command: AcknowledgeSafety) -> Outcome:
    """End the call for everybody; whoever has it may still open the case, the others no more."""
    case = get_case(work, command.case)
    if not waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id):
        return Outcome("safety_already", {"case": case.id})
    waits.end(work, StepState.DONE, kind=StepKind.SAFETY, case_id=case.id)
    goes_on = case.state is CaseState.OPEN
    answered = replace(
        _open_call(work, case),
        end=CallEnd.ANSWERED,
        ended_at=work.now,
        ended_by=work.who.id,
        contact_by=work.now + POLICY.spoken_again_within if goes_on else None,
    )
    kept = replace(case, called=(work.who.id,), calls=(*_calls_before(case), answered))
    work.tx.save(kept)
    if goes_on:
        after_call.begin(work, kept)
    return Outcome("safety_acknowledged", {"case": case.id})


def take_back(work: Work, command: TakeBackSafety) -> Next:
    """End a call that was pressed by mistake; a lead looks once. One that somebody has already stays as it is."""
    case = get_case(work, command.case)
    steps = waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id)
    if not steps:
        return OpenSafety(case.id)
    waits.end(work, StepState.CANCELLED, kind=StepKind.SAFETY, case_id=case.id)
    had = after_call.last_answered(case)
    before = had.ended_by if had is not None else None
    gone = {step.holder for step in steps}
    taken = replace(_open_call(work, case), end=CallEnd.TAKEN_BACK, ended_at=work.now, ended_by=work.who.id)
    called = tuple(id for id in case.called if id == before or id not in gone)
    kept = replace(case, called=called, calls=(*_calls_before(case), taken))
    work.tx.save(kept)
    ask_lead(work, kept, Reason.CALL_TAKEN_BACK)
    return OpenSafety(case.id)


def _open_call(work: Work, case: Case) -> SafetyCall:
    """The record of the call that is open; of one from before they were kept, what is known of it."""
    last = case.calls[-1] if case.calls else None
    return last if last is not None and last.end is None else SafetyCall(work.now, None)


def _calls_before(case: Case) -> tuple[SafetyCall, ...]:
    return tuple(call for call in case.calls if call.end is not None)


def _opens(work: Work, case: Case) -> bool:
    """Whether what is recorded is open to the asker still."""
    try:
        check_holds(work, case)
    except NotOpen:
        return False
    return True


def _keep(work: Work, case: Case, command: CallForSafety | KeepAndAskSafety) -> None:
    if command.check_in is None:
        return
    check_in, owner = get_check_in(work, command.check_in)
    if owner.id != case.id:
        raise NotOpen("check_in")
    try:
        keep_draft(work, check_in.id, command.at, command.answers)
    except NotOpen:
        # The step has nothing to keep, such as the last one. A call for help is never refused for that.
        return


def _stands(work: Work, case: Case, called: list[screens.Called]) -> screens.CallState:
    if called:
        return screens.CallState.OPEN
    if waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id):
        return screens.CallState.NOBODY
    if case.calls and case.calls[-1].end is CallEnd.TAKEN_BACK:
        return screens.CallState.TAKEN_BACK
    answered = work.tx.find(Step, kind=StepKind.SAFETY, case_id=case.id, state=StepState.DONE, limit=1)
    return screens.CallState.ANSWERED if answered else screens.CallState.NONE


def _to_ring(work: Work, case: Case) -> list[MemberId]:
    """Leads, deputies and the cover whom nothing stands in the way of; never whoever is asking."""
    cover = [case.cover] if case.cover is not None else []
    ids = dict.fromkeys([*with_role(work, Role.LEAD), *with_role(work, Role.DEPUTY), *cover])
    others = [id for id in ids if id != work.who.id]
    return who_is_free(
        work, others, Concerned(case.member_id, case.incidents, case.refused)
    ) or stand_ins_for(work, case, (work.who.id,))


def _called(work: Work, case: Case) -> list[screens.Called]:
    """Those who have been called, as long as none has said that they have it, and whether each has been written to."""
    found: dict[MemberId, screens.Called] = {}
    for step in waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id):
        member = work.tx.get(Member, step.holder) if step.holder is not None else None
        if member is None or member.left or member.id == work.who.id:
            continue
        if not manages(work, member.id, case.member_id):
            found[member.id] = screens.Called(member, step.state is StepState.TOLD)
    return list(found.values())


def _members(work: Work, ids: list[MemberId]) -> list[Member]:
    found = (work.tx.get(Member, id) for id in ids)
    return [member for member in found if member is not None and not member.left]


def _again_at(work: UnitOfWork, case: Case) -> datetime | None:
    """When those who were called are written to again, UTC, if nobody says that they have it."""
    steps = waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id)
    told = [step.due_at for step in steps if step.state is StepState.TOLD and step.due_at > work.now]
    return min(told, default=None)
