"""Asks the lead to talk a case over with whoever holds it, and ends that once they have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from trim_bot.app.seam.work import UnitOfWork, Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import count_no_owner
from trim_bot.app.waiting.ladder import next_owner
from trim_bot.domain.cases import Case
from trim_bot.domain.ids import StepId
from trim_bot.domain.steps import Rung, Step, StepKind, StepState
from workflows.engine import AskSupervisor, Effect, Reason


def ask_for(work: UnitOfWork, case: Case, effects: Iterable[Effect]) -> Case:
    """Ask for every reason that an interview or another event gave."""
    for effect in effects:
        if isinstance(effect, AskSupervisor):
            case = ask_lead(work, case, effect.reason)
    return case


def ask_lead(work: UnitOfWork, case: Case, reason: Reason) -> Case:
    """Ask for one more reason. One wait stands for all of them; it never goes to whoever holds the case."""
    asked = replace(case, asks=tuple(dict.fromkeys((*case.asks, reason))))
    work.tx.save(asked)
    if not waits.open_steps(work, kind=StepKind.SUPERVISION, case_id=case.id):
        begin(work, asked)
    return asked


def begin(work: UnitOfWork, case: Case) -> None:
    """Let it wait for the lead, else the deputy; with neither free, it is first on the planning list."""
    below = Step(
        StepId(""), StepKind.SUPERVISION, case.id, case.id, StepState.WAITING, Rung.COVER, case.holder, work.now,
        work.now,
    )  # fmt: skip
    rung, holder = next_owner(work, below)
    waits.begin(work, StepKind.SUPERVISION, case.id, rung, holder, case=case.id)
    if rung is Rung.NOBODY:
        count_no_owner(work)


def talked_over(work: Work, case: Case) -> Case:
    """The lead has talked it over."""
    waits.end(work, StepState.DONE, kind=StepKind.SUPERVISION, case_id=case.id)
    done = replace(case, asks=())
    work.tx.save(done)
    return done
