"""What is done about a step or message that fails whenever its turn comes, so that it holds up nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trim_bot.app.seam.work import Work
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb, count_no_owner, tell_coordinators
from trim_bot.app.waiting.outbox import reach_in_person
from trim_bot.domain.steps import OPEN_STATES, Rung, Step

MOST_LOOKS = 3
FIRST_WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)


def step_failed(work: Work, id: str) -> None:
    """Look at it again later, in real time; after a few looks it goes on in another way."""
    step = _open_step(work, id)
    if step is None:
        return
    if step.failures + 1 < MOST_LOOKS or step.rung is Rung.PERSON:
        if step.failures + 1 == MOST_LOOKS:
            reach_in_person(work, step)
        put_back(work, id)
    elif step.rung is Rung.NOBODY:
        tell_coordinators(work, step)
    else:
        climb(work, step)


def to_nobody(work: Work, id: str) -> None:
    """Where climbing fails as well: coordinators are told that some work has no owner. What is a person's stays."""
    step = _open_step(work, id)
    if step is None:
        return
    if step.rung in (Rung.PERSON, Rung.NOBODY) or step.failures + 1 < MOST_LOOKS:
        put_back(work, id)
        return
    waits.pass_to(work, step, Rung.NOBODY, None)
    count_no_owner(work)


def put_back(work: Work, id: str) -> None:
    """Hold it back for a while, longer each time."""
    step = _open_step(work, id)
    if step is None:
        return
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(step.failures, 10))
    work.tx.save(replace(step, failures=step.failures + 1, lease_until=work.real + wait))


def _open_step(work: Work, id: str) -> Step | None:
    step = work.tx.get(Step, id)
    return step if step is not None and step.state in OPEN_STATES else None
