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
from bench.draining import looked_at, part, plan
from bench.kept import copy_of, opened
from bench.population import TALKS_FROM
from bench.result import Pair, Result, aim_at_most, result
from bench.sizes import Sizes
from bench.timing import scaled
from tests.builders import Town
from trim_bot.app.waiting.due import look_at
from trim_bot.domain.ids import StepId
from trim_bot.domain.steps import Step, StepState

_HERE: dict[str, Town] = {}
"""A job that is kept can name no more than a function and plain values."""
_DONE: list[str] = []
MOST_JOBS = 2_000


async def remind(step: str) -> None:
    """The job of one reminder: look at its step in a transaction of its own, as the clock does."""
    assert await _HERE["town"].work(lambda work: look_at(work, StepId(step)))
    _DONE.append(step)


async def nothing(step: str) -> None:
    """An empty job."""
    _DONE.append(step)


async def measure(sizes: Sizes, kind: Kind) -> list[Result]:
    """CPU of one reminder. Both stores are the same kind of file; the scheduler keeps its jobs in one of its own."""
    same: list[Pair] = []
    empty: list[Pair] = []
    async with copy_of(plan(sizes), kind) as place, opened(place) as one:
        town = _HERE["town"] = one.town
        town.clock.move_to(TALKS_FROM)
        await town.clockwork.drain()
        for _ in range(sizes.rounds + 1):
            ours = await _by_the_clock(town, sizes)
            same.append(Pair(ours, await _by_jobs(town, kind, sizes, "bench.reminders:remind")))
            empty.append(Pair(ours, await _by_jobs(town, kind, sizes, "bench.reminders:nothing")))
            await town.clockwork.drain()
    # The first of each was to warm up.
    return [
        result(
            f"CPU of a reminder, {kind.name}", "ms CPU", "APScheduler's job with the same work",
            scaled(same[1:], 1e3), aim_at_most(1),
        ),
        result("… beside an empty job", "ms CPU", "APScheduler's empty job", scaled(empty[1:], 1e3)),
    ]  # fmt: skip


async def _by_the_clock(town: Town, sizes: Sizes) -> float:
    """Seconds of CPU for one step that fell due, until it was looked at."""
    town.clock.move(part(sizes))
    begun = time.process_time()
    looked = await looked_at(town)
    return (time.process_time() - begun) / looked


async def _by_jobs(town: Town, kind: Kind, sizes: Sizes, job: str) -> float:
    """The same with a job for each."""
    town.clock.move(part(sizes))
    now = town.clock.now()
    soonest = await town.write(
        lambda tx: tx.find(Step, state=StepState.WAITING, order_by="due_at", limit=MOST_JOBS)
    )
    steps = [step.id for step in soonest if step.due_at <= now]
    assert steps
    return await _scheduled(kind, job, steps)


async def _scheduled(kind: Kind, job: str, steps: list[StepId]) -> float:
    """Seconds of CPU for one job, when all are due at once."""
    jobs = SQLAlchemyJobStore(url=kind.new())
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
