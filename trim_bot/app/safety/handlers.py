"""Calls lead, deputy and cover together when somebody may not be safe, and shows each whom to ring."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from trim_bot.app.cases.entitled import check_holds
from trim_bot.app.cases.state import get_case, get_check_in
from trim_bot.app.people.eligible import manages, who_is_free, who_is_in_date, with_role
from trim_bot.app.safety import screens
from trim_bot.app.safety.commands import AcknowledgeSafety, OpenConcern, OpenSafety, OpenSafetyCall
from trim_bot.app.safety.drafts import keep_draft
from trim_bot.app.seam.links import CallForSafety
from trim_bot.app.seam.paging import part_by_id, part_of, placed
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.seam.work import Concerned, Next, Outcome, UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import count_no_owner
from trim_bot.app.waiting.hours import when_reachable
from trim_bot.app.waiting.ladder import who_is_reachable
from trim_bot.app.words.times import spoken_date
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.ids import MemberId
from trim_bot.domain.people import Member, Role
from trim_bot.domain.policy import POLICY
from trim_bot.domain.steps import Rung, Step, StepKind, StepState


def open_safety(work: Work, command: OpenSafety) -> Screen:
    """The fixed screen, with whom to ring."""
    case = get_case(work, command.case)
    called = _called(work, case)
    # Those nobody has written to yet come first: they can only be rung.
    to_ring = [one.member for one in sorted(called, key=lambda one: one.reached)]
    to_ring = to_ring or _members(work, _to_ring(work, case))
    part = part_by_id(to_ring, lambda one: one.id, command.after)
    return screens.safety_page(case.id, _stands(work, case, called), called, part, work.site)


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


def call(work: Work, command: CallForSafety) -> Next:
    """Keep the draft, then call everybody who can help. A call that is still open calls nobody twice."""
    case = get_case(work, command.case)
    if command.check_in:
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
        waits=bool(waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id)), opens=_opens(work, case),
    )  # fmt: skip


def acknowledge(work: Work, command: AcknowledgeSafety) -> Outcome:
    """End the call for everybody; whoever has it may still open the case, the others no more."""
    case = get_case(work, command.case)
    if not waits.open_steps(work, kind=StepKind.SAFETY, case_id=case.id):
        return Outcome("safety_already", {"case": case.id})
    waits.end(work, StepState.DONE, kind=StepKind.SAFETY, case_id=case.id)
    work.tx.save(replace(case, called=(work.who.id,)))
    return Outcome("safety_acknowledged", {"case": case.id})


def _opens(work: Work, case: Case) -> bool:
    """Whether what is recorded is open to the asker still."""
    try:
        check_holds(work, case)
    except NotOpen:
        return False
    return True


def _keep(work: Work, case: Case, command: CallForSafety) -> None:
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
    answered = work.tx.find(Step, kind=StepKind.SAFETY, case_id=case.id, state=StepState.DONE, limit=1)
    return screens.CallState.ANSWERED if answered else screens.CallState.NONE


def _to_ring(work: Work, case: Case) -> list[MemberId]:
    """Leads, deputies and the cover whom nothing stands in the way of; never whoever is asking."""
    cover = [case.cover] if case.cover is not None else []
    ids = dict.fromkeys([*with_role(work, Role.LEAD), *with_role(work, Role.DEPUTY), *cover])
    others = [id for id in ids if id != work.who.id]
    return who_is_free(work, others, Concerned(case.member_id, case.incidents, case.refused)) or _stand_ins(
        work, case, (work.who.id,)
    )


def _stand_ins(work: UnitOfWork, case: Case, but: Collection[MemberId]) -> list[MemberId]:
    """A few practitioners free of conflict, for a site where nobody leads; those who are at work first."""
    others = [id for id in with_role(work, Role.PRACTITIONER) if id not in but]
    here = who_is_reachable(work, who_is_in_date(work, others), ignoring_leave=True)
    free = who_is_free(work, here, Concerned(case.member_id, case.incidents, case.refused))
    free.sort(key=lambda id: when_reachable(work, work.tx.get(Member, id)))
    return free[: POLICY.called_where_nobody_leads]


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


def summon(work: UnitOfWork, case: Case) -> Case:
    """Call everyone free of conflict who is not called already, or a few practitioners where nobody leads.

    With nobody to call at all, it stands first on the board of whoever leads next.
    """
    wanted = [*with_role(work, Role.LEAD), *with_role(work, Role.DEPUTY)]
    if case.cover is not None:
        wanted.append(case.cover)
    me = (work.who.member.id,) if work.who.member is not None else ()
    here = who_is_reachable(work, [id for id in dict.fromkeys(wanted) if id not in me], ignoring_leave=True)
    called = who_is_free(work, here, Concerned(case.member_id, case.incidents, case.refused))
    called = called or _stand_ins(work, case, me)
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
