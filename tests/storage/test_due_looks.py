"""What is to be looked at in which organisation: one question, whose cost does not grow with organisations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, delete, event, insert

from tests.builders import Town
from tests.storage.conftest import DeskStore, Rig
from tests.storage.running import NOW
from trim_bot.app.handover.erasing import erase_all_asked
from trim_bot.app.people.looking_again import look_again
from trim_bot.app.seam.ports import Store, Tx
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import MemberId, OrganisationId, new_id
from trim_bot.domain.looks import ClockLook
from trim_bot.domain.people import Grant, Member, Role
from trim_bot.domain.records import Erasure
from trim_bot.storage.looks import DueLooks, due
from trim_bot.storage.tables import looks, organisations

MANY = 200
A_TICK = {"sqlite": 26, "postgresql": 47}
"""Statements of all that a tick may ask, where nothing is due."""


async def _two(store: Store) -> tuple[OrganisationId, OrganisationId]:
    return OrganisationId((await store.found("one", None)).id), OrganisationId(
        (await store.found("two", None)).id
    )


async def _due(store: Store, look: ClockLook, after: timedelta = timedelta()) -> list[str]:
    return [one.slug for one in await store.organisations_due(look, NOW + after)]


def _member(tx: Tx, id: MemberId) -> Member:
    found = tx.get(Member, id)
    assert found is not None
    return found


def _over(tx: Tx) -> None:
    for look in ClockLook:
        look_again(tx, look, NOW)


def test_what_was_looked_at_is_due_again_in_its_own_time(desk_store: DeskStore) -> None:
    async def run() -> None:
        store = desk_store.store
        one, _ = await _two(store)
        for look in ClockLook:
            assert await _due(store, look) == ["one", "two"], "nothing was ever looked at"
        await store.write(one, _over)
        for look in ClockLook:
            assert await _due(store, look) == ["two"]
            assert await _due(store, look, look.longest * 3 / 4 - timedelta(seconds=1)) == ["two"]
            assert await _due(store, look, look.longest) == ["one", "two"]
        soon = NOW + timedelta(minutes=7)
        await store.write(one, lambda tx: look_again(tx, ClockLook.LEAVES, NOW, soon))
        assert await _due(store, ClockLook.LEAVES, timedelta(minutes=6)) == ["two"]
        assert await _due(store, ClockLook.LEAVES, timedelta(minutes=7)) == ["one", "two"]

    asyncio.run(run())


def test_a_time_noted_by_a_clock_that_ran_ahead_is_due(desk_store: DeskStore) -> None:
    async def run() -> None:
        one, two = await _two(desk_store.store)
        await desk_store.store.write(two, _over)
        await desk_store.store.write(
            one, lambda tx: look_again(tx, ClockLook.FAR_AHEAD, NOW + timedelta(days=30))
        )
        assert await _due(desk_store.store, ClockLook.FAR_AHEAD) == ["one"]

    asyncio.run(run())


def test_what_is_written_makes_due_what_it_concerns_and_nothing_else(desk_store: DeskStore) -> None:
    async def run() -> None:
        store = desk_store.store
        one, two = await _two(store)
        for id in (one, two):
            await store.write(id, _over)
        member = MemberId("priya")

        async def woken(body: Callable[[Tx], object]) -> set[ClockLook]:
            await store.write(one, body)
            found = {look for look in ClockLook if await _due(store, look) == ["one"]}
            assert not [look for look in ClockLook if "two" in await _due(store, look)]
            await store.write(one, _over)
            return found

        assert await woken(lambda tx: tx.add(Member(member, tx.new_key(), "Priya"))) == set()
        serving = {ClockLook.LEAVES, ClockLook.LAPSED, ClockLook.WEEKS, ClockLook.STEADY}
        assert await woken(lambda tx: tx.add(Grant("g", member, Role.LEAD, NOW))) == serving
        assert await woken(lambda tx: tx.drop(Grant, "g")) == serving
        away = await woken(lambda tx: tx.save(replace(_member(tx, member), messages_stopped=True)))
        assert away == serving - {ClockLook.LAPSED}
        assert await woken(lambda tx: tx.add(Erasure("e", member, NOW))) == {ClockLook.ERASURES}
        assert await woken(lambda tx: tx.drop(Erasure, "e")) == set()

        def undone(tx: Tx) -> None:
            tx.add(Grant("h", member, Role.LEAD, NOW))
            raise KeyError

        with pytest.raises(KeyError):
            await store.write(one, undone)
        assert not [look for look in ClockLook if await _due(store, look)]

    asyncio.run(run())


def test_an_organisation_of_which_nothing_was_noted_is_due(rig: Rig) -> None:
    """As after an upgrade, or a restore of a backup of before."""

    async def run() -> None:
        one, _ = await _two(rig.store)
        engine = create_engine(rig.url)
        with engine.begin() as connection:
            connection.execute(delete(looks).where(looks.c.organisation == one))
        engine.dispose()
        assert await _due(rig.again(), ClockLook.WEEKS) == ["one", "two"]

    asyncio.run(run())


@contextmanager
def _counted(rig: Rig) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_: object, cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engines = (rig.store._reading, rig.store._writing)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


class NobodyIsErased:
    async def erase_member(self, organisation: OrganisationId, id: MemberId) -> bool:
        raise AssertionError


async def _tick(town: Town) -> None:
    """All that the clock asks for."""
    await town.clockwork.beat_urgent()
    await town.clockwork.beat()
    await town.clockwork.keep_steady()
    await town.clockwork.bring_back()
    await town.clockwork.sweep()
    await erase_all_asked(town.store, NobodyIsErased(), town.clock)


def test_a_tick_costs_as_many_statements_for_two_hundred_organisations_as_for_one(rig: Rig) -> None:
    async def run() -> None:
        town = Town(store=rig.store)
        await town.found()
        await town.add("priya", Role.PRACTITIONER)
        for _ in range(3):
            await _tick(town)
        with _counted(rig) as few:
            await _tick(town)
        ids = [new_id() for _ in range(MANY)]
        later = town.clock.now() + timedelta(minutes=45)
        engine = create_engine(rig.url)
        with engine.begin() as connection:
            connection.execute(
                insert(organisations), [{"organisation": id, "slug": id, "key_id": "key"} for id in ids]
            )
            rows = [
                {"organisation": id, "id": look.value, "due_at": later} for id in ids for look in ClockLook
            ]
            connection.execute(insert(looks), rows)
        engine.dispose()
        with _counted(rig) as many:
            await _tick(town)
        assert few == many
        assert len(many) <= A_TICK[rig.store._reading.dialect.name]

    asyncio.run(run())


def test_what_is_due_is_found_by_its_index(rig: Rig) -> None:
    engine = create_engine(rig.url)
    plans: list[str] = []
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")

        def note(_: object, cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
            if statement.startswith("WITH mine"):
                rows = connection.exec_driver_sql(explain + statement, parameters)
                plans.append("\n".join(str(row) for row in rows))

        event.listen(engine, "before_cursor_execute", note)
        due(connection, ClockLook.STEADY, NOW)
    engine.dispose()
    assert len(plans) == 1
    assert "ix_next_look_due" in plans[0]
    assert "SCAN organisation" not in plans[0] and "Seq Scan on organisation" not in plans[0]


def test_an_organisation_that_another_process_founds_later_is_due(rig: Rig) -> None:
    """Whoever asks has seen to it before that all of them have their rows."""

    async def run() -> None:
        await _two(rig.store)
        clock = rig.again()
        assert await _due(clock, ClockLook.STEADY) == ["one", "two"]
        await rig.store.found("three", None)
        for look in ClockLook:
            assert await _due(clock, look) == ["one", "three", "two"]

    asyncio.run(run())


def test_one_that_cannot_be_written_when_looks_are_made_keeps_none_from_the_others(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an upgrade, while somebody holds one of them."""

    async def run() -> None:
        one, _ = await _two(rig.store)
        engine = create_engine(rig.url)
        with engine.begin() as connection:
            connection.execute(delete(looks))
        engine.dispose()
        clock = rig.again()
        broken = [True]

        async def write(organisation: OrganisationId, body: Callable[[Tx], object]) -> object:
            if organisation == one and broken:
                raise StoreUnavailable
            return await clock.write(organisation, body)

        due_looks = DueLooks(clock._read, write)
        assert [one.slug for one in await due_looks.organisations_due(ClockLook.WEEKS, NOW)] == ["two"]
        broken.clear()
        assert [one.slug for one in await due_looks.organisations_due(ClockLook.WEEKS, NOW)] == ["one", "two"]

    asyncio.run(run())
