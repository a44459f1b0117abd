"""Data, keys and ledger know one another: adopted once, renewed as they change, and noticed when they are apart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, event

from tests.storage.story import NOON, Deployment, sqlite_places
from trim_bot.domain.people import Member
from trim_bot.storage import tables
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.consistency.check import StoreConsistency
from trim_bot.storage.consistency.identity import (
    DataStamp,
    Generation,
    KeysStamp,
    LedgerStamp,
    Stamps,
    StoreMismatch,
    StoresMismatched,
    begin_next_generation,
    mark_reached,
    mismatch_of,
)
from trim_bot.storage.keys import key_tables
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.ledger.ledger_tables import ledger_facts
from trim_bot.storage.small_stores import durable_engine, write_transaction

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "postgresql"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Deployment]:
    places = sqlite_places(tmp_path)
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
        places = Places(url, url, url)
    deployment = Deployment(places)
    await deployment.tell_story()
    yield deployment
    deployment.close()


def as_before(places: Places) -> None:
    """Take out everything that the version before did not know."""
    for url, emptied in (
        (places.data, delete(tables.meta).where(tables.meta.c.name.in_(("identity", "generation")))),
        (
            places.keys,
            delete(key_tables.key_store_facts).where(key_tables.key_store_facts.c.name == "identity"),
        ),
        (places.keys, delete(key_tables.generations)),
        (places.keys, delete(key_tables.spare_keys)),
        (places.ledger, delete(ledger_facts).where(ledger_facts.c.name != "id")),
    ):
        engine = durable_engine(url)
        with write_transaction(engine) as connection:
            connection.execute(emptied)
        engine.dispose()


async def test_a_desk_of_the_version_before_is_adopted_and_its_idle_keys_are_set_apart(
    desk: Deployment,
) -> None:
    every = set(desk.keys.all_ids())
    as_before(desk.places)
    await desk.consistency.check()
    await desk.consistency.adopt(NOON)
    stamps = await desk.consistency.stamps()
    assert stamps.data.identity == stamps.keys.identity == stamps.ledger.identity is not None
    swept = await desk.key_sweep.run(NOON + timedelta(days=400))
    assert (swept.destroyed, swept.refused) == (0, 0)
    assert swept.quarantined > 0
    assert set(desk.keys.all_ids()) == every
    assert len(await desk.every(Member)) == 3
    await desk.consistency.adopt(NOON)
    assert (await desk.consistency.stamps()).data.identity == stamps.data.identity


async def test_a_desk_whose_keys_are_not_there_is_not_adopted(desk: Deployment, tmp_path: Path) -> None:
    as_before(desk.places)
    keys = SqlKeyStore(f"sqlite:///{tmp_path / 'other.db'}")
    with pytest.raises(StoresMismatched) as raised:
        await StoreConsistency(desk.store, keys, desk.ledger).adopt(NOON)
    assert raised.value.how is StoreMismatch.KEYS_OTHER
    keys.close()


async def test_an_adoption_that_was_cut_short_is_ended_by_the_next(
    desk: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_before(desk.places)

    def killed(*_given: object) -> None:
        raise RuntimeError

    for step in ("_begin", "_stamp_ledger"):
        with monkeypatch.context() as patch:
            patch.setattr(StoreConsistency, step, killed)
            with pytest.raises(RuntimeError):
                await desk.consistency.adopt(NOON)
        await desk.consistency.check()
    await desk.consistency.adopt(NOON)
    stamps = await desk.consistency.stamps()
    assert stamps.data.identity == stamps.keys.identity == stamps.ledger.identity is not None


async def test_each_step_of_a_new_generation_may_be_the_last(
    desk: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_given: object) -> None:
        raise RuntimeError

    for step in ("_reach", "mark_reached", "stamp_ledger"):
        with monkeypatch.context() as patch:
            patch.setattr(f"{StoreConsistency.__module__}.{step}", killed)
            with pytest.raises(RuntimeError):
                await desk.consistency.advance()
        await desk.consistency.check()
        await desk.consistency.advance()
        await desk.consistency.check()


async def test_two_that_begin_a_generation_together_both_go_on(desk: Deployment) -> None:
    mine = begin_next_generation(desk.keys.engine)
    await desk.consistency.advance()
    theirs = (await desk.consistency.stamps()).data.generation
    assert theirs is not None
    assert theirs.number > mine.number
    await desk.consistency.check()


async def test_sweeps_look_whether_all_belongs_together_first(desk: Deployment) -> None:
    await desk.consistency.advance()
    with write_transaction(desk.keys.engine) as connection:
        connection.execute(delete(key_tables.generations))
    for accepted in (False, True):
        with pytest.raises(StoresMismatched):
            await desk.key_sweep.run(NOON, accepted=accepted)


IDENTITIES = st.sampled_from([None, "a", "b"])
GENERATIONS = st.builds(Generation, st.integers(1, 4), st.sampled_from(["x", "y"]))


@given(
    IDENTITIES,
    st.none() | GENERATIONS,
    IDENTITIES,
    st.lists(GENERATIONS, max_size=3),
    st.integers(0, 4),
    IDENTITIES,
)
def test_what_belongs_together_never_names_two_desks_nor_an_older_copy(
    data: str | None,
    generation: Generation | None,
    keys: str | None,
    told: list[Generation],
    reached: int,
    written: str | None,
) -> None:
    stamps = Stamps(
        DataStamp(data, generation, holds_something=True),
        KeysStamp(keys, tuple(told), reached, holds_something=True),
        LedgerStamp(written, generation if written else None),
    )
    if mismatch_of(stamps) is None and data is not None and generation is not None and keys is not None:
        assert data == keys
        assert written in (None, data)
        assert generation.number >= reached
        assert generation in told
    if mismatch_of(stamps) is None and data is None:
        assert keys is None


async def test_whoever_notes_a_generation_waits_first_for_whoever_else_does(desk: Deployment) -> None:
    engine, seen = desk.keys.engine, list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    mark_reached(engine, begin_next_generation(engine))
    changes = [at for at, one in enumerate(seen) if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    waits = [at for at, one in enumerate(seen) if "pg_advisory_xact_lock" in one]
    # SQLite has one writer at a time; elsewhere each of the two begins with the lock.
    assert len(waits) == (2 if engine.dialect.name == "postgresql" else 0)
    assert len(changes) == 3
    assert not waits or (waits[0] < changes[0] < waits[1] < changes[1])
