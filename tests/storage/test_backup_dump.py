"""A dump gives back exactly the values that went in, and refuses anything else."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    LargeBinary,
    MetaData,
    Table,
    Text,
    create_engine,
    insert,
    select,
)

from trim_bot.storage.backup.dumps import DumpBroken, dump_rows, load_rows
from trim_bot.storage.columns import Instant

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Text, primary_key=True),
    Column("whole", BigInteger),
    Column("flag", Boolean),
    Column("day", Date),
    Column("at", Instant),
    Column("sealed", LargeBinary),
)

WHOLE = '["things", {"id": "a", "whole": 1, "flag": true, "at": null, "day": %s, "sealed": %s}]'
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.text(st.characters(exclude_characters="\0", codec="utf-8")),
            "whole": st.none() | st.integers(-(2**63), 2**63 - 1),
            "flag": st.none() | st.booleans(),
            "day": st.none() | st.dates(),
            "at": st.none() | st.datetimes(timezones=st.just(UTC)),
            "sealed": st.none() | st.binary(),
        }
    ),
    unique_by=lambda row: row["id"],
    max_size=8,
)


def _fresh() -> Connection:
    connection = create_engine("sqlite://").connect()
    metadata.create_all(connection)
    return connection


@given(rows=ROWS)
def test_every_value_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[dict]) -> None:
    path = tmp_path_factory.mktemp("dump") / "data.jsonl.gz"
    with _fresh() as source, _fresh() as target:
        if rows:
            source.execute(insert(things), rows)
        assert dump_rows(source, metadata, path) == {"things": len(rows)}
        load_rows(target, metadata, path, without={})
        query = select(things).order_by(things.c.id)
        assert source.execute(query).all() == target.execute(query).all()
        assert {row["id"] for row in rows} == set(target.scalars(select(things.c.id)))
        engines = (source.engine, target.engine)
    for engine in engines:
        engine.dispose()


def test_rows_named_to_stay_out_stay_out(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl.gz"
    with _fresh() as source, _fresh() as target:
        row = {"whole": 1, "flag": True, "day": date(2026, 1, 1), "at": datetime(2026, 1, 1, tzinfo=UTC)}
        source.execute(insert(things), [row | {"id": id, "sealed": b"x"} for id in ("a", "b")])
        dump_rows(source, metadata, path)
        assert load_rows(target, metadata, path, without={"things": {"a"}}) == {"things": 1}
        assert list(target.scalars(select(things.c.id))) == ["b"]
        engines = (source.engine, target.engine)
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        '["others", {}]',
        '["things", {"id": "a"}]',
        WHOLE % ('{"odd": 1}', "null"),
        WHOLE % ('{"date": "x"}', "null"),
        WHOLE % ("null", '{"bytes": "?"}'),
        WHOLE % ("null", '{"bytes": 1}'),
    ],
)
def test_what_is_no_dump_of_these_tables_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "data.jsonl.gz"
    path.write_bytes(gzip.compress(line.encode()))
    with _fresh() as target, pytest.raises(DumpBroken):
        load_rows(target, metadata, path, without={})
    target.engine.dispose()
