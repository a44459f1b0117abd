"""Asking for due work reads an index of open work alone, so its cost does not grow with what is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, create_engine, event, text

from tests.storage.conftest import Rig
from tests.storage.running import NOW, ORG
from trim_bot.storage.claims import claim
from trim_bot.storage.status_figures import SqlCounts
from trim_bot.storage.tables import outgoing, steps


def _plans(engine: Engine, connection: Connection) -> list[str]:
    """Everything that is run on the engine from now on, as the database plans it."""
    plans: list[str] = []
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "

    def note(_: object, cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if not statement.startswith("EXPLAIN"):
            rows = connection.exec_driver_sql(explain + statement, parameters)
            plans.append("\n".join(str(row) for row in rows))

    event.listen(engine, "before_cursor_execute", note)
    return plans


class Fitting:
    """Every row is as it was written."""

    def fits(self, table: Table, row: Mapping[str, object], /) -> bool:
        return True

    def lacks(self, table: Table, id: str, /) -> bool:
        return False

    def bind(self, table: Table, row: Mapping[str, object], /) -> None:
        raise AssertionError


@pytest.mark.parametrize("table", [steps, outgoing], ids=str)
def test_due_work_is_found_by_its_index(rig: Rig, table: Table) -> None:
    engine = create_engine(rig.url)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))
        plans = _plans(engine, connection)
        claim(connection, table, NOW, NOW, 60, 50)
    engine.dispose()
    assert len(plans) == 1
    assert f"ix_{table}_due" in plans[0]


def test_the_status_page_is_one_statement_that_reads_indexes(rig: Rig) -> None:
    engine = create_engine(rig.url)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))
        plans = _plans(engine, connection)
        SqlCounts(connection, ORG, Fitting()).standing(("2026-W47", "2026-W46"), NOW.date())
    engine.dispose()
    assert len(plans) == 1
    assert "ix_training_newest" in plans[0]
