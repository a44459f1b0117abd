"""What a reading of the staff list costs on the real store: the same for many as for few, where it is unchanged."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import event

from tests.builders import Town
from tests.fakes import FakeDirectory
from tests.storage.conftest import Rig
from trim_bot.app.seam.ports import ListPage
from trim_bot.app.workspaces.list_places import list_places
from trim_bot.app.workspaces.staff_lists import Staff
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.errors import Trouble, TryLater
from trim_bot.domain.people import Address, Member, Platform, Profile
from trim_bot.storage.deployment_notes import Notes

TEAM = "T1"
MOST = {"sqlite": 12, "postgresql": 16}
"""Statements of a second reading of one page, however many stand on it."""


def _people(count: int) -> list[Profile]:
    return [Profile(Address(Platform.SLACK, TEAM, f"U{n:05}"), f"Name {n}") for n in range(count)]


@contextmanager
def _statements(rig: Rig) -> Iterator[tuple[list[str], list[str]]]:
    """What is read and what is written from here on."""
    seen: tuple[list[str], list[str]] = ([], [])
    engines = (rig.store._reading, rig.store._writing)
    notes = [lambda _c, _k, statement, *_rest, into=into: into.append(statement) for into in seen]
    for engine, note in zip(engines, notes, strict=True):
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine, note in zip(engines, notes, strict=True):
        event.remove(engine, "before_cursor_execute", note)


async def _second_reading(rig: Rig, town: Town, count: int) -> list[str]:
    """The statements of a second reading of so many by a process that has just started."""
    town.directory.profiles = {one.address.text: one for one in _people(count)}
    await Staff(town.desk.outside, Notes(rig.store)).meet_everyone()
    with _statements(rig) as (read, written):
        assert await Staff(town.desk.outside, Notes(rig.store)).meet_everyone() == 0
    assert written == []
    return read


def test_a_second_reading_writes_nothing_and_costs_the_same_for_many_as_for_few(rig: Rig) -> None:
    async def both() -> None:
        town = Town(store=rig.store)
        await town.found()
        few, many = [await _second_reading(rig, town, count) for count in (5, 60)]
        assert len(few) == len(many) <= MOST[rig.store._reading.dialect.name]

    asyncio.run(both())


class Stopping(FakeDirectory):
    """A list that asks to wait after one page."""

    async def page(self, workspace: str, cursor: str = "") -> ListPage:
        if cursor:
            raise TryLater(45, Trouble.ASKED_TO_WAIT)
        return await super().page(workspace, cursor)


def test_where_a_list_stands_is_a_row_and_another_process_goes_on_there(rig: Rig) -> None:
    async def run() -> None:
        town = Town(store=rig.store)
        await town.found()
        notes = Notes(rig.store)
        stopping = Stopping(_people(9))
        stopping.page_size = 5
        outside = replace(town.desk.outside, directories={"slack": stopping})
        await Staff(outside, notes).meet_everyone()
        place = (await list_places(notes))[ChatWorkspace(Platform.SLACK, TEAM)]
        assert place.taken == 5 and place.again_at is not None
        assert len(await town.all(Member)) == 5
        whole = FakeDirectory(_people(9))
        whole.page_size = 5
        other = Staff(replace(outside, directories={"slack": whole}), notes)
        assert await other.meet_everyone() == 0, "another process waits as long"
        town.clock.move_real(place.again_at - town.clock.real())
        assert await other.go_on() == 4
        assert len(await town.all(Member)) == 9

    asyncio.run(run())
