"""Whose hands a request for support is in, with the step that waits for them."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.hours import working_days_on
from trim_bot.app.waiting.ladder import note_left
from trim_bot.domain.errors import NotOpen
from trim_bot.domain.requests import RequestState, SupportRequest
from trim_bot.domain.steps import Rung, Step, StepKind, StepState


def mark_read(work: Work, request: SupportRequest) -> SupportRequest:
    """The person sees the answer; from its first reading on it is kept as long as anything that has ended."""
    if request.answered_at is None or request.read_at is not None:
        return request
    read = replace(request, read_at=work.now)
    work.tx.save(read)
    return read


def request_of(work: Work, id: str) -> SupportRequest:
    """The request. Raises NotOpen."""
    request = work.tx.get(SupportRequest, id)
    if request is None:
        raise NotOpen("request")
    return request


def step_of(work: Work, request: SupportRequest) -> Step | None:
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


def give_back(work: Work, request: SupportRequest) -> None:
    """Put a taken request back into the pool; the others are told when their hours allow."""
    work.tx.save(replace(request, state=RequestState.WAITING, taken_by=None))
    waits.end(work, StepState.MOVED, kind=StepKind.FIRST_CONTACT, subject=request.id)
    step = step_of(work, request)
    if step is not None:
        waits.pass_to(work, step, Rung.POOL, None)


def finish(work: Work, request: SupportRequest) -> None:
    """Nothing waits for the request any more."""
    waits.end(work, StepState.DONE, kind=StepKind.REQUEST, subject=request.id)
    waits.end(work, StepState.CANCELLED, kind=StepKind.FIRST_CONTACT, subject=request.id)
