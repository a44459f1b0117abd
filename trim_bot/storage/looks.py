"""Asks in one question for all organisations what is to be looked at, and makes it due when something is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import BindParameter, Connection, Select, Update, bindparam, insert, select, union_all, update

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import SafeError
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.looks import AT_ONCE, ClockLook, woken
from trim_bot.domain.site import Organisation
from trim_bot.storage import organisations
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.row_security import ALL_WORK, of, see
from trim_bot.storage.tables import looks, workspaces
from trim_bot.storage.tables import organisations as table

T = TypeVar("T")


class Reads(Protocol):
    """Runs what only reads, beside the writer."""

    async def __call__(self, work: Callable[[Connection], T], organisation: str = "") -> T: ...


class Writes(Protocol):
    """Runs a body in one transaction that is alone in writing its organisation."""

    async def __call__(self, organisation: OrganisationId, body: Callable[[Tx], object]) -> object: ...


class DueLooks:
    """The part of a store that knows what is due in which organisation, as its port says of `organisations_due`."""

    def __init__(self, read: Reads, write: Writes) -> None:
        self._read, self._write = read, write
        self._are_there = False
        """Whether every organisation has its rows, as far as this process has seen to it."""

    async def organisations_due(self, look: ClockLook, now: datetime) -> list[Organisation]:
        """Organisations in which something is to be looked at by `now` (business time, UTC), in order of slug."""
        if not self._are_there:
            self._are_there = await self._make()
        return await self._read(lambda connection: due(connection, look, now))

    async def _make(self) -> bool:
        """Rows for what an older desk, or an older backup, did not look at; whether they are all there.

        One organisation that cannot be written now keeps no look from the others, and is tried at the next.
        """
        well = True
        for id in await self._read(_without_all):
            try:
                await self._write(OrganisationId(id), lambda tx: begin(connection_of(tx), tx.organisation))
            except SafeError:
                well = False
        return well


def due(connection: Connection, look: ClockLook, now: datetime) -> list[Organisation]:
    """The organisations in which `look` is due at `now`: one statement by an index, however many there are."""
    see(connection, ALL_WORK)
    given = {"look": look.value, "now": now, "too_far": now + look.longest}
    return organisations.those(connection.execute(_due(), given))


@cache
def _due() -> Select[Any]:
    """From the few rows that are due to their organisations: the other way round it would look at each of them."""
    which = looks.c.id == bindparam("look")
    sooner, too_far = looks.c.due_at <= bindparam("now"), looks.c.due_at > bindparam("too_far")
    mine = union_all(
        select(looks.c.organisation).where(which, sooner), select(looks.c.organisation).where(which, too_far)
    ).cte("mine")
    there = mine.join(table, table.c.organisation == mine.c.organisation)
    at = there.join(workspaces, workspaces.c.organisation == table.c.organisation, isouter=True)
    return (
        select(table, workspaces.c.workspace).select_from(at).order_by(table.c.slug, workspaces.c.workspace)
    )


def begin(connection: Connection, organisation: str) -> None:
    """Have everything looked at in an organisation, where there is no word of when. It must be seen."""
    there = set(connection.scalars(select(looks.c.id).where(looks.c.organisation == organisation)))
    new = [
        {"organisation": organisation, "id": look.value, "due_at": AT_ONCE}
        for look in ClockLook
        if look.value not in there
    ]
    if new:
        connection.execute(insert(looks), new)


def wake(connection: Connection, organisation: str, written: Iterable[tuple[type[object], bool]]) -> None:
    """Make due at once what concerns records of these kinds, written in this transaction; whether each is new."""
    if names := sorted(look.value for look in woken(written)):
        connection.execute(_waking(len(names)), {"whose": organisation, "at_once": AT_ONCE, **_named(names)})


@cache
def _waking(count: int) -> Update:
    names: list[BindParameter[str]] = [bindparam(f"look_{at}") for at in range(count)]
    later = looks.c.due_at > bindparam("at_once")
    mine = update(looks).where(looks.c.organisation == bindparam("whose"), looks.c.id.in_(names), later)
    return mine.values(due_at=bindparam("at_once"))


def _named(names: list[str]) -> dict[str, str]:
    return {f"look_{at}": name for at, name in enumerate(names)}


def _without_all(connection: Connection) -> list[str]:
    see(connection, of(""))
    every = [one.id for one in organisations.every(connection)]
    see(connection, ALL_WORK)
    there: dict[str, set[str]] = {}
    for row in connection.execute(select(looks.c.organisation, looks.c.id)):
        there.setdefault(row.organisation, set()).add(row.id)
    wanted = {look.value for look in ClockLook}
    return [id for id in every if not wanted <= there.get(id, set())]
