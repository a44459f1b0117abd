"""What is owed after a call for safety that somebody answered: to speak with the person again, and to write it down."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.cases import CallEnd, Case, SafetyCall
from trim_bot.domain.steps import Rung, StepKind, StepState


def last_answered(case: Case) -> SafetyCall | None:
    """The last call that somebody had; None where there was none."""
    return next((call for call in reversed(case.calls) if call.end is CallEnd.ANSWERED), None)


def with_last_answered(case: Case, call: SafetyCall) -> Case:
    """The case with another record of the last call that somebody had. Raises ValueError where there was none."""
    number = max(n for n, one in enumerate(case.calls) if one.end is CallEnd.ANSWERED)
    return replace(case, calls=(*case.calls[:number], call, *case.calls[number + 1 :]))


def begin(work: UnitOfWork, case: Case) -> None:
    """Let it wait for whoever holds the case, as long as it is owed; it climbs like anything that has a promise."""
    call = last_answered(case)
    if call is None or call.contact_by is None or case.holder is None:
        return
    if not waits.open_steps(work, kind=StepKind.AFTER_CALL, case_id=case.id):
        waits.begin(
            work, StepKind.AFTER_CALL, case.id, Rung.ASSIGNED, case.holder, case=case.id,
            promised_at=call.contact_by,
        )  # fmt: skip


def end(work: UnitOfWork, case: Case) -> None:
    """They have spoken."""
    waits.end(work, StepState.DONE, kind=StepKind.AFTER_CALL, case_id=case.id)
