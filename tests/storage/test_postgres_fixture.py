"""The throw-away PostgreSQL is real, and no test sees another's database."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, func, select, text

from tests.storage.conftest import Rig
from trim_bot.storage.tables import metadata


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_database_of_its_own(postgres_database: str, turn: int) -> None:
    engine = create_engine(postgres_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (n integer)"))
        connection.execute(text("INSERT INTO only_here VALUES (:n)"), {"n": turn})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT sum(n) FROM only_here")) == turn
        assert str(connection.scalar(text("SHOW server_version"))).startswith("18.")
    engine.dispose()


def test_one_test_may_have_two_databases(new_postgres_database: Callable[[], str]) -> None:
    assert new_postgres_database() != new_postgres_database()


@pytest.mark.parametrize("turn", [1, 2])
def test_every_table_is_empty_when_a_test_begins(rig: Rig, turn: int) -> None:
    engine = create_engine(rig.url)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            assert connection.scalar(select(func.count()).select_from(table)) == 0, (table.name, turn)
    engine.dispose()
    assert asyncio.run(rig.store.found("acme", None)).slug == "acme"
