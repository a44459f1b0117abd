"""The schema grows by steps to exactly what the tables say, on both databases, once, however many start."""

from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Engine, MetaData, Table, insert, inspect, select, text

from trim_bot.domain.errors import StoreUnavailable
from trim_bot.storage import migrate as migrations
from trim_bot.storage.migrate import migrate
from trim_bot.storage.schema_version import NewerSchema, head, pending
from trim_bot.storage.small_stores import NoStore, durable_engine
from trim_bot.storage.tables import accounts, members, metadata
from trim_bot.storage.upgrading import config_for

_VALUES: dict[type, object] = {str: "x", bool: False, int: 0}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data.db'}"
    return str(request.getfixturevalue("postgres_database"))


def test_the_steps_lead_to_the_tables(url: str) -> None:
    migrate(url)
    engine = durable_engine(url)
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_object": _is_comparable}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
        there = inspect(connection)
        for table in metadata.sorted_tables:
            key = there.get_pk_constraint(table.name)["constrained_columns"]
            assert key == [column.name for column in table.primary_key]
            nullable = {column["name"]: column["nullable"] for column in there.get_columns(table.name)}
            assert nullable == {column.name: column.nullable for column in table.columns}
    engine.dispose()


def _is_comparable(_: object, name: str | None, kind: str, *_rest: object) -> bool:
    """How an index puts empty values in order is compared below: of that the library knows one spelling alone."""
    return kind != "index" or name not in _EMPTY_FIRST


_EMPTY_FIRST = {
    str(index.name): ([column.name for column in index.columns], set(ops))
    for table in metadata.sorted_tables
    for index in table.indexes
    if (ops := index.dialect_options["postgresql"]["ops"])
}


def test_indexes_put_empty_values_where_they_are_asked_for(url: str) -> None:
    migrate(url)
    engine = durable_engine(url)
    found = {
        str(index["name"]): (index["column_names"], set(index.get("column_sorting", {})))
        for table in metadata.sorted_tables
        for index in inspect(engine).get_indexes(table.name)
        if index["name"] in _EMPTY_FIRST
    }
    engine.dispose()
    # SQLite has them first by itself, and does not tell.
    there = {
        name: (columns, first if "postgresql" in url else set())
        for name, (columns, first) in _EMPTY_FIRST.items()
    }
    assert found == there and there


def test_partial_indexes_have_their_conditions(url: str) -> None:
    migrate(url)
    made = _conditions(url)
    fresh = {
        index.name: str(index.dialect_options["sqlite"]["where"])
        for table in metadata.sorted_tables
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert set(made) == set(fresh)
    if url.startswith("sqlite"):
        assert made == fresh


def test_it_is_pending_until_it_is_done_and_done_once(url: str) -> None:
    if url.startswith("sqlite"):
        with pytest.raises(NoStore):
            pending(url)
        durable_engine(url).dispose()
    assert pending(url)
    migrate(url)
    assert not pending(url)
    migrate(url)
    assert not pending(url)


def test_many_may_start_at_once(url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: migrate(url), range(6)))
    assert not pending(url)


@pytest.mark.parametrize("gone", ["postgresql://desk@127.0.0.1:1/desk", "no file"])
def test_a_database_that_is_gone_is_said_to_be_gone_at_once(
    gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def opened(url: str, *, create: bool = True) -> Engine:
        tried.append(url)
        return durable_engine(url, create=create)

    monkeypatch.setattr(migrations, "durable_engine", opened)
    if gone == "no file":
        (tmp_path / "data.db").write_bytes(b"this is no database" * 100)
        gone = f"sqlite:///{tmp_path / 'data.db'}"
    with pytest.raises(StoreUnavailable):
        migrate(gone)
    assert tried == [gone]


def test_a_database_that_was_filled_by_the_first_version_keeps_every_row(url: str) -> None:
    engine = durable_engine(url)
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "0001")
        for kind in ("member", "account"):
            columns = {column["name"]: column["type"] for column in inspect(connection).get_columns(kind)}
            table = Table(kind, MetaData(), *(Column(name, of) for name, of in columns.items()))
            values = {name: _VALUES.get(of.python_type, b"") for name, of in columns.items()}
            connection.execute(insert(table).values(values))
    migrate(url)
    with engine.connect() as connection:
        for table, flags in ((members, ["asked", "left"]), (accounts, ["first", "left"])):
            [row] = connection.execute(select(table)).mappings()
            assert row["key_id"] == "x" and not any(row[flag] for flag in flags)
    engine.dispose()


def test_a_later_schema_is_left_alone(url: str) -> None:
    migrate(url)
    engine = durable_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(NewerSchema):
        migrate(url)
    with pytest.raises(NewerSchema):
        pending(url)


def test_the_steps_are_part_of_the_package() -> None:
    steps = files("trim_bot.storage").joinpath("migrations", "versions")
    assert any(step.name.startswith(head()) for step in steps.iterdir())


def _conditions(url: str) -> dict[str, str]:
    engine = durable_engine(url)
    found = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for index in inspect(connection).get_indexes(table.name):
                options = index.get("dialect_options", {})
                where = options.get("sqlite_where", options.get("postgresql_where"))
                if where is not None:
                    found[str(index["name"])] = str(where)
    engine.dispose()
    return found
