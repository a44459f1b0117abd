"""Has bodies wait for the writer thread together, so that they go into one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from typing import Any

from sqlalchemy import Connection, event

from tests.storage.running import ORG
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import OrganisationId
from trim_bot.storage.store import SqlStore

Call = Coroutine[Any, Any, Any]


@contextmanager
def held(store: SqlStore) -> Iterator[None]:
    """The writer thread does nothing inside; what is put to it meanwhile waits."""
    go_on = Event()
    # However slow the machine, what waits here goes together.
    store._commits.longest_seconds = 60.0
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
