"""Has bodies wait for the writer thread together, so that they go into one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any

from sqlalchemy import Connection, event

from tests.storage.running import NOW, ORG, OTHER, run, step
from tests.store_looks import journal_break
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import OrganisationId, StepId
from trim_bot.domain.records import Action
from trim_bot.domain.steps import Step
from trim_bot.storage.store import SqlStore

Call = Coroutine[Any, Any, Any]
Body = Callable[[Tx], object]


@contextmanager
def held(store: SqlStore) -> Iterator[None]:
    """The writer thread does nothing inside; what is put to it meanwhile waits."""
    go_on = Event()
    # However slow the machine, what waits here goes together.
    store._commits.longest_seconds = 60.0
    # Whatever ran before is over by then: its thread would take the first of them by itself.
    store._queue._thread.submit(int).result()
    store._queue._thread.submit(go_on.wait)
    try:
        yield
    finally:
        go_on.set()


async def together(store: SqlStore, *calls: Call) -> list[Any]:
    """What came of calls that all waited before the first was begun: results and exceptions, in order."""
    with held(store):
        tasks = [asyncio.ensure_future(call) for call in calls]
        for _ in range(3):
            await asyncio.sleep(0)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def written_together(
    store: SqlStore, *bodies: Callable[[Tx], object], organisation: OrganisationId = ORG
) -> list[Any]:
    """The same of bodies of one organisation, whose journal is known here already."""
    return await together(store, *(store.write(organisation, body) for body in bodies))


@contextmanager
def commits(store: SqlStore) -> Iterator[list[int]]:
    """A list with one number for each transaction of the writer that was committed inside."""
    seen: list[int] = []

    def committed(_connection: Connection) -> None:
        seen.append(1)

    event.listen(store._writing, "commit", committed)
    try:
        yield seen
    finally:
        event.remove(store._writing, "commit", committed)


def errors_of(ended: Sequence[object]) -> list[type[BaseException] | None]:
    """The kind of each exception; None for what went well."""
    return [type(one) if isinstance(one, BaseException) else None for one in ended]


def in_use(store: SqlStore) -> SqlStore:
    """The same store, in which two organisations have a journal already, and each one step; there are spare keys."""

    def begin(tx: Tx) -> None:
        tx.add(step("first"))
        tx.new_key()

    for organisation in (ORG, OTHER):
        run(store.write(organisation, begin))
    return store


def adds(id: str) -> Body:
    """Add one step, and a row of the journal that is named like it."""

    def body(tx: Tx) -> str:
        tx.add(step(id))
        tx.journal.write("actor", Action.CHANGED, id, "subject", NOW)
        return id

    return body


def fails(tx: Tx) -> None:
    """Do something, take a key, and fail."""
    tx.add(step("of a body that failed"))
    tx.new_key()
    raise LookupError


def raises_by_one(tx: Tx) -> int:
    """Count one more; how many there were before."""
    one = tx.get(Step, StepId("first"))
    assert one is not None
    tx.save(replace(one, reminders=one.reminders + 1))
    tx.journal.write("actor", Action.CHANGED, "counted", "subject", NOW)
    return one.reminders


def step_ids(store: SqlStore, organisation: OrganisationId = ORG) -> list[str]:
    """The ids of the steps that are kept."""
    return [one.id for one in run(store.read(organisation, lambda tx: tx.find(Step)))]


def is_whole(store: SqlStore, organisation: OrganisationId = ORG) -> bool:
    """Whether the journal of an organisation holds."""
    return run(journal_break(store, organisation)) is None
