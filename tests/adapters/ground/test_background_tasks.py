"""Work that goes on after an answer is waited for, reported where it fails, and cancelled at the end."""

from __future__ import annotations

import asyncio

import pytest

from integrations.ground.background_tasks import Tasks

pytestmark = pytest.mark.anyio


async def test_work_that_never_ends_is_cancelled_at_the_end() -> None:
    failures: list[BaseException] = []
    tasks = Tasks(failures.append)
    task = tasks.start(asyncio.Event().wait())
    await tasks.stop(0)
    assert task.cancelled()
    assert failures == []


async def test_draining_waits_for_what_is_started_meanwhile() -> None:
    tasks = Tasks(lambda error: None)
    done: list[str] = []

    async def second() -> None:
        done.append("second")

    async def first() -> None:
        tasks.start(second())
        done.append("first")

    tasks.start(first())
    await tasks.drain()
    assert done == ["first", "second"]


async def test_what_fails_is_reported_and_stops_nothing_else() -> None:
    failures: list[BaseException] = []
    tasks = Tasks(failures.append)
    trouble = RuntimeError("strange")

    async def failing() -> None:
        raise trouble

    async def fine() -> str:
        return "done"

    tasks.start(failing())
    other = tasks.start(fine())
    await tasks.drain()
    assert (failures, other.result()) == ([trouble], "done")
