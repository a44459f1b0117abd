"""Opens what a message was about; the step is looked at afresh, and what follows is authorised anew."""

from __future__ import annotations

from typing import assert_never

from trim_bot.app.access import SERVES
from trim_bot.app.commands.own import OpenStepWaiting
from trim_bot.app.entitled import LEADING
from trim_bot.app.work import NO_STEP, Outcome, Work
from trim_bot.domain.cases import Case
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.people import Role
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import OPEN_STATES, Rung, Step, StepKind, StepState


def open_step(work: Work, command: OpenStepWaiting) -> Outcome:
    """The form or page a step waits in. Raises NotOpen for one that has ended, but for an answered call for safety."""
    if command.step == NO_STEP:
        return Outcome("cases" if work.who.roles & SERVES else "home")
    step = work.tx.get(Step, command.step)
    if step is not None and step.kind is StepKind.OFFER and step.holder == work.who.id:
        # What they answered stays theirs to look at.
        return Outcome("offer", {"offer": step.subject})
    if step is not None and _is_answered_call(step) and step.holder == work.who.id:
        # Whoever was called must not be left to wonder whether anybody has it.
        return Outcome("safety_already", {"case": step.case_id or ""})
    if step is None or step.state not in OPEN_STATES:
        raise NotOpen("step")
    if step.rung is Rung.NOBODY and Role.COORDINATOR in work.who.roles and not work.who.roles & LEADING:
        return Outcome("status")
    case = step.case_id or ""
    match step.kind:
        case StepKind.OFFER:
            return Outcome("offer", {"offer": step.subject})
        case StepKind.CONTACT:
            return Outcome("contact", {"offer": step.subject})
        case StepKind.AGREED_TIME:
            return Outcome("me")
        case StepKind.REQUEST:
            return _request(work, step)
        case StepKind.ASSIGN:
            return _assign(work, step)
        case StepKind.FIRST_CONTACT if step.case_id is None:
            return _request(work, step)
        case StepKind.FIRST_CONTACT | StepKind.CHECK_IN | StepKind.REVIEW | StepKind.SUPERVISION:
            lost = step.rung is Rung.NOBODY and _held(work, step) != work.who.id
            return Outcome("assign" if lost else "case", {"case": case})
        case StepKind.SAFETY:
            return Outcome("safety_called", {"case": case})
        case StepKind.REFERRAL:
            return Outcome("referral_next", {"referral": step.subject})
        case _:
            assert_never(step.kind)


def _is_answered_call(step: Step) -> bool:
    return step.kind is StepKind.SAFETY and step.state is StepState.DONE


def _request(work: Work, step: Step) -> Outcome:
    request = work.tx.get(SupportRequest, step.subject)
    if request is None:
        raise NotOpen("request")
    mine = request.state is RequestState.TAKEN and request.taken_by == work.who.id
    return Outcome("request_taken" if mine else "request", {"request": step.subject})


def _assign(work: Work, step: Step) -> Outcome:
    """In the pool anyone may take it; above that a lead gives it to somebody."""
    case = step.case_id or step.subject
    if _held(work, step) == work.who.id:
        return Outcome("case", {"case": case})
    if step.rung is not Rung.POOL and work.who.roles & LEADING:
        return Outcome("assign", {"case": case})
    return Outcome("take", {"case": case})


def _held(work: Work, step: Step) -> str | None:
    case = work.tx.get(Case, step.case_id) if step.case_id is not None else None
    return case.holder if case is not None else None
