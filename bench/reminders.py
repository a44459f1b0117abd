"""A due step of the desk beside a job of APScheduler for each reminder, whose job does the same work."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from bench.databases import Kind
from bench.draining import DUE
from bench.kept import copy_of, opened
from bench.population import Plan
from bench.result import Pair, Result, aim_at_most, result
from bench.sizes import Sizes
from bench.timing import scaled
from tests.builders import Town
from trim_bot.app.waiting.due import look_at
from trim_bot.domain.ids import StepId
from trim_bot.domain.steps import OPEN_STATES, Step

_HERE: dict[str, Town] = {}
"""A job that is kept can name no more than a function and plain values."""
_DONE: list[str] = []


async def remind(step: str) -> None:
    """The job of one reminder: look at its step in a transaction of its own, as the clock does."""
    assert await _HERE["town"].work(lambda work: look_at(work, StepId(step)))
    _DONE.append(step)


async def nothing(step: str) -> None:
    """An empty job."""
    _DONE.append(step)


async def measure(sizes: Sizes, kind: Kind) -> list[Result]:
    """CPU of one reminder. Both stores are the same kind of file; the scheduler keeps its jobs in one of its own."""
    plan = Plan(sizes.few, 0, 1, 20, waiting=sizes.due)
    same: list[Pair] = []
    empty: list[Pair] = []
    async with copy_of(plan, kind) as place, opened(place) as one:
        town = _HERE["town"] = one.town
        town.clock.move(DUE)
        for _ in range(sizes.rounds + 1):
            begun = time.process_time()
            looked = await town.clockwork.run_due()
            assert looked > 0
            ours = (time.process_time() - begun) / looked
            due = await town.all(Step, state=OPEN_STATES, order_by="due_at")
            waiting = [step.id for step in due if step.due_at <= town.clock.now()][:looked]
            same.append(Pair(ours, await _scheduled(kind, "bench.reminders:remind", waiting)))
            empty.append(Pair(ours, await _scheduled(kind, "bench.reminders:nothing", waiting)))
    # The first of each was to warm up.
    return [
        result(
            f"CPU of a reminder, {kind.name}", "ms CPU", "APScheduler's job with the same work",
            scaled(same[1:], 1e3), aim_at_most(1),
        ),
        result("… beside an empty job", "ms CPU", "APScheduler's empty job", scaled(empty[1:], 1e3)),
    ]  # fmt: skip


async def _scheduled(kind: Kind, job: str, steps: list[StepId]) -> float:
    """Seconds of CPU for one job, when all are due at once."""
    jobs = SQLAlchemyJobStore(url=kind.new().replace("+psycopg", "+psycopg"))
    scheduler = AsyncIOScheduler(
        jobstores={"default": jobs},
        executors={"default": AsyncIOExecutor()},
        job_defaults={"misfire_grace_time": None, "coalesce": True},
        timezone=UTC,
    )
    _DONE.clear()
    scheduler.start(paused=True)
    for number, step in enumerate(steps):
        scheduler.add_job(job, DateTrigger(datetime.now(UTC)), args=[step], id=str(number))
    begun = time.process_time()
    scheduler.resume()
    async with asyncio.timeout(120):
        while len(_DONE) < len(steps):
            await asyncio.sleep(0.001)
    spent = time.process_time() - begun
    scheduler.shutdown(wait=False)
    return spent / len(steps)
