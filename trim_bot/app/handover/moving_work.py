"""Carries out what a coordinator asked without knowing of any work: all that one has goes to another, or on."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.cases.given_on import tell_former
from trim_bot.app.cases.hands import give, release
from trim_bot.app.events.offers import ANSWERABLE
from trim_bot.app.handover.reassignment import OWNED, still_open
from trim_bot.app.people.eligible import may_take, room_to_offer, who_may_take, with_role
from trim_bot.app.people.work_moves import leave_work, next_holder
from trim_bot.app.requests.hands import give_back
from trim_bot.app.seam.work import Concerned, Subject, UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.ladder import concerned, next_owner
from trim_bot.domain.cases import Case, CaseState
from trim_bot.domain.ids import MemberId, OfferId, RequestId, StepId
from trim_bot.domain.incidents import Offer
from trim_bot.domain.people import Role
from trim_bot.domain.records import Action
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung, Step, StepKind, StepState

MOVED = "move_work"
"""What the journal calls it."""


def move_all(work: UnitOfWork, step: Step) -> None:
    """All that one has in their hands goes to the one whom a coordinator named, piece by piece, as far as nothing
    stands between; what that one may not hold, and everything where nobody was named, waits for a lead to give it on.

    Never straight to whoever has room: a coordinator who sees to it that only a friend has, or has it herself, would
    choose who reads it. What no lead can give on stays. Calls for safety stay too: they go to several people together,
    and leave no room for a plan.
    """
    whose, to = step.holder, next_holder(step)
    if whose is None:
        return
    for case in work.tx.find(Case, holder=whose, state=CaseState.OPEN):
        _move_case(work, case, whose, to)
    for case in work.tx.find(Case, cover=whose, state=CaseState.OPEN):
        work.tx.save(replace(case, cover=None))
    for offer in work.tx.find(Offer, proposed=whose, state=ANSWERABLE):
        about = Concerned(offer.member_id, (offer.incident_id,))
        fits = to is not None and may_take(work, to, about) and room_to_offer(work, to)
        work.tx.save(replace(offer, proposed=to if fits else None))
    for request in work.tx.find(SupportRequest, taken_by=whose, state=RequestState.TAKEN):
        give_back(work, request)
        for asked in waits.open_steps(work, kind=StepKind.REQUEST, subject=request.id):
            if not _to_colleague(work, asked, to):
                _to_a_lead(work, asked, whose)
    for mine in still_open(work, whose):
        if mine.rung in OWNED and mine.kind is not StepKind.SAFETY and not _to_colleague(work, mine, to):
            _to_a_lead(work, mine, whose)


def _move_case(work: UnitOfWork, case: Case, whose: MemberId, to: MemberId | None) -> None:
    about = Concerned(case.member_id, case.incidents, (*case.refused, *case.passed))
    asked = Step(
        StepId(""), StepKind.ASSIGN, case.id, case.id, StepState.WAITING, Rung.COVER, None, work.now, work.now
    )  # fmt: skip
    if to is not None and who_may_take(work, [to], about):
        work.journal(Action.ASSIGNED, MOVED, Subject(case.key_id, case.id))
        give(work, case, to, case.cover if case.cover != to else None)
    elif _lead_for(work, asked, whose)[1] is not None:
        work.journal(Action.CLIMBED, MOVED, Subject(case.key_id, case.id))
        tell_former(work, case, whose)
        release(work, case)
        for step in waits.open_steps(work, kind=StepKind.ASSIGN, case_id=case.id):
            _to_a_lead(work, step, whose)


def _to_a_lead(work: UnitOfWork, step: Step, whose: MemberId) -> None:
    rung, lead = _lead_for(work, step, whose)
    if lead is not None:
        work.journal(Action.CLIMBED, MOVED, _about(work, step))
        waits.pass_to(work, step, rung, lead)


def _lead_for(work: UnitOfWork, step: Step, whose: MemberId) -> tuple[Rung, MemberId | None]:
    """The lead, else the deputy, who may give a step on and is not whoever has it."""
    return next_owner(work, replace(step, rung=Rung.COVER, holder=whose))


def lapse(work: UnitOfWork, step: Step) -> None:
    """No lead said yes in time: nothing is passed on."""
    if step.holder is not None:
        leave_work(work.tx, step.holder, work.now)


def _to_colleague(work: UnitOfWork, step: Step, to: MemberId | None) -> bool:
    """Give a step to the one who was named, where they may own it; whether they do."""
    if to is None or not may_take(work, to, concerned(work, step)):
        return False
    role = {Rung.LEAD: Role.LEAD, Rung.DEPUTY: Role.DEPUTY}.get(step.rung)
    if role is not None and to not in with_role(work, role):
        return False
    work.journal(Action.ASSIGNED, MOVED, _about(work, step))
    waits.pass_to(work, step, Rung.ASSIGNED if step.rung is Rung.POOL else step.rung, to)
    return True


def _about(work: UnitOfWork, step: Step) -> Subject | None:
    """Whose record says that somebody came to it."""
    record: Case | Offer | SupportRequest | None
    if step.case_id is not None:
        record = work.tx.get(Case, step.case_id)
    elif step.kind is StepKind.CONTACT:
        record = work.tx.get(Offer, OfferId(step.subject))
    else:
        record = work.tx.get(SupportRequest, RequestId(step.subject))
    return Subject(record.key_id, record.id) if record is not None else None
