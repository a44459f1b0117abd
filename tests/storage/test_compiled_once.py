"""A process compiles each statement once for all its engines of a kind, and never takes one of another database."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Integer, create_engine, literal, select

from tests.storage.conftest import Rig
from tests.storage.running import ORG, run, step
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import MemberId, StepId
from trim_bot.domain.steps import Step
from trim_bot.storage.compiled import CompiledStatements
from trim_bot.storage.store import SqlStore


def _use(store: SqlStore) -> None:
    def body(tx: Tx) -> None:
        tx.add(step("s1"))
        found = tx.find(Step, holder=(MemberId("holder"), MemberId("other")), limit=5)
        tx.save(found[0])
        tx.drop(Step, StepId("s1"))

    run(store.write(ORG, body))
    run(store.read(ORG, lambda tx: tx.find(Step, id="s1")))


def _shared(store: SqlStore) -> CompiledStatements:
    options = (engine.get_execution_options() for engine in (store._writing, store._reading))
    writing, reading = (cast("CompiledStatements", one["compiled_cache"]) for one in options)
    assert reading is writing
    return writing


def test_a_second_store_of_the_process_compiles_nothing_anew(rig: Rig) -> None:
    _use(rig.store)
    shared = _shared(rig.store)
    before = dict(shared._compiled)
    _use(rig.again())
    assert dict(shared._compiled) == before


def test_each_database_has_its_own(rig: Rig) -> None:
    shared = CompiledStatements()
    for url in ("sqlite://", rig.url):
        engine = create_engine(url, execution_options={"compiled_cache": shared})
        with engine.connect() as connection:
            connection.execute(select(literal(1, Integer))).all()
        engine.dispose()
    assert len(shared) == (1 if rig.url.startswith("sqlite") else 2)


def test_memory_of_statements_is_bounded() -> None:
    shared = CompiledStatements()
    for number in range(2001):
        shared[("statement", number)] = None  # type: ignore[assignment]  # only how many there are counts
    assert list(shared) == [("statement", 2000)]
    assert ("statement", 0) not in shared
    del shared[("statement", 2000)]
    assert len(shared) == 0
