"""Getting in touch after a yes, or once a request is taken: who owes it, by when, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from trim_bot.app.cases.supervision import ask_lead
from trim_bot.app.people.counting import count_person
from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb
from trim_bot.app.waiting.hours import end_of_day, working_days_on
from trim_bot.app.waiting.ladder import passes_over
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import MemberId
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import Measure
from trim_bot.domain.requests import SupportRequest
from trim_bot.domain.steps import Rung, Step, StepKind, StepState
from workflows.engine import Reason

Owed = TypeVar("Owed", Case, SupportRequest)


def by_when(work: Work, holder: MemberId | None) -> datetime:
    """By when somebody gets in touch, UTC: the site's days in the site's working time, whoever holds it.

    The person is told a day, so it lasts until work ends on it: then the message of that day is early enough for its
    holder, and none goes out at the moment of a yes. Where nobody holds it yet, the time a practitioner has to take it
    comes first.
    """
    days = work.site.contact_working_days + (work.site.rung_working_days if holder is None else 0)
    return end_of_day(work, working_days_on(work, None, days))


def owe(work: Work, case: Case, by: datetime | None = None) -> Case:
    """After a yes somebody gets in touch. A promise that was made and is not kept yet stands as it is."""
    if case.contact_by is None:
        case = replace(case, contact_by=by or by_when(work, case.holder))
        work.tx.save(case)
    begin(work, case)
    return case


def begin(work: UnitOfWork, case: Case) -> None:
    """Let it wait for whoever holds the case, as long as it is owed."""
    if case.contact_by is None or case.holder is None:
        return
    step = step_of(work, case.id) or waits.begin(
        work,
        StepKind.FIRST_CONTACT,
        case.id,
        Rung.ASSIGNED,
        case.holder,
        case=case.id,
        promised_at=case.contact_by,
    )
    _hand_on(work, step)


def _hand_on(work: UnitOfWork, step: Step) -> None:
    """At once to somebody else where its owner is at work too late, so that the person is told who it really is."""
    if step.rung is Rung.ASSIGNED and passes_over(work, step):
        climb(work, step)


def owe_for(work: Work, request: SupportRequest) -> SupportRequest:
    """Whoever has just taken a request gets in touch with the person."""
    if request.taken_by is None:
        return request
    by = request.contact_by or by_when(work, request.taken_by)
    owed = replace(request, contact_by=by)
    work.tx.save(owed)
    step = step_of(work, request.id)
    if step is None:
        kind = StepKind.FIRST_CONTACT
        step = waits.begin(work, kind, request.id, Rung.ASSIGNED, request.taken_by, promised_at=by)
    elif step.holder != request.taken_by:
        step = waits.pass_to(work, step, Rung.ASSIGNED, request.taken_by)
    _hand_on(work, step)
    return owed


def step_of(work: UnitOfWork, subject: str) -> Step | None:
    """The step that waits for somebody to get in touch about a case or a request."""
    steps = waits.open_steps(work, kind=StepKind.FIRST_CONTACT, subject=subject)
    return steps[0] if steps else None


def reached(work: Work, record: Owed) -> Owed:
    """They have spoken, or the person has been written to where there is no other way. Counted once."""
    if record.contact_by is None:
        return record
    waits.end(work, StepState.DONE, kind=StepKind.FIRST_CONTACT, subject=record.id)
    count_person(work, Measure.REACHED, record.member_id)
    if work.now <= record.contact_by:
        count_person(work, Measure.REACHED_IN_TIME, record.member_id)
    record = replace(record, contact_by=None)
    work.tx.save(record)
    return record


def go_on_in(work: Work, request: SupportRequest, case: Case) -> Case:
    """What is still owed of a request is owed in the case it became."""
    owed = request.contact_by
    waits.end(work, StepState.MOVED, kind=StepKind.FIRST_CONTACT, subject=request.id)
    return case if owed is None else owe(work, case, owed)


def tried(work: Work, step: Step, *, left_word: bool) -> None:
    """Not reached: try again the next working day, or somewhat later where word was left; then the lead is asked."""
    tries = step.tries + 1
    if tries < POLICY.tries_to_get_in_touch:
        days = work.site.rung_working_days if left_word else 1
        later = min(working_days_on(work, one, days) for one in (work.who.member, None))
        again = replace(
            step, state=StepState.WAITING, opens_at=later, due_at=later, reminders=0, tries=tries, lease_until=None
        )  # fmt: skip
        work.tx.save(again)
        return
    case = work.tx.get(Case, step.case_id) if step.case_id is not None else None
    if case is None:
        climb(work, replace(step, tries=0))
        return
    work.tx.save(replace(waits.ended(work, step, StepState.MOVED), tries=tries))
    ask_lead(work, case, Reason.NOT_REACHED)
