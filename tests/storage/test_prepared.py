"""What runs on the driver's own cursor gives what SQLAlchemy gives: for every record, on both databases, in faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Connection,
    Executable,
    Integer,
    bindparam,
    event,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from tests.storage.conftest import Rig
from tests.storage.records import records
from tests.storage.running import NOW, ORG, run, step
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.steps import Step
from trim_bot.storage import prepared
from trim_bot.storage.errors import NotStorable
from trim_bot.storage.records.rows import search, shape_of, statements_for, to_row
from trim_bot.storage.records.sealing import SealingSession
from trim_bot.storage.tables import RECORDS, steps

KINDS = sorted(RECORDS, key=lambda kind: kind.__name__)


def _all(connection: Connection, query: Executable, values: dict[str, object]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query, values).mappings()]


def _prepared(
    connection: Connection, query: Executable, values: dict[str, object]
) -> prepared._Prepared | None:
    return prepared._of(connection, query, values)


def _refusal(connection: Connection, act: Callable[[], object]) -> tuple[type[object], type[object]] | None:
    """What the database says to it, and what SQLAlchemy makes of that; None where it is done."""
    try:
        with connection.begin_nested():
            act()
    except DBAPIError as error:
        return type(error), type(error.orig)
    return None


def _row(rig: Rig, record: object, seals: SealingSession) -> dict[str, object] | None:
    """The row of a record, its key among those that are there; None where no database can hold it."""
    shape = shape_of(type(record))
    if "key_id" in shape.plain:
        object.__setattr__(record, "key_id", rig.vault.for_work(lambda _: None).take(1))
    try:
        row = to_row(shape, record, seals)
    except NotStorable:
        return None
    return {"organisation": ORG, **row}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(
    max_examples=4, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_record_goes_in_and_comes_out_alike(rig: Rig, kind: type[object], data: st.DataObject) -> None:
    table, made = RECORDS[kind], statements_for(RECORDS[kind])
    seals = SealingSession(rig.vault.for_work(lambda _: None), rig.store._pseudonyms, ORG)
    row = _row(rig, data.draw(records(kind)), seals)
    if row is None:
        return
    place: dict[str, object] = {"of_organisation": ORG, "of_id": row["id"]}
    find = search(table, (), "id", rig.store._writing.dialect.name, limited=True)
    with rig.store._writing.connect() as connection, connection.begin() as transaction:
        assert _prepared(connection, made.read, place) is not None
        assert _prepared(connection, made.insert, row) is not None
        refused = _refusal(connection, lambda: connection.execute(made.insert, row))
        if refused is not None:
            # What one refuses the other refuses, for the same reason.
            assert _refusal(connection, lambda: prepared.change(connection, made.insert, row)) == refused
            return
        usual = _all(connection, made.read, place)
        assert prepared.rows(connection, made.read, place) == usual
        assert prepared.rows(connection, find, {**place, "of_limit": 5}) == usual
        assert prepared.first(connection, made.read, place) == usual[0]
        assert prepared.change(connection, made.delete, place) == 1
        assert prepared.first(connection, made.read, place) is None
        assert prepared.change(connection, made.insert, row) == 1
        again = {**place, **row}
        for name in ("id", "organisation"):
            del again[name]
        assert prepared.change(connection, made.replace, again) == 1
        assert _all(connection, made.read, place) == usual
        transaction.rollback()


def _begun(rig: Rig) -> Connection:
    run(rig.store.write(ORG, lambda tx: tx.add(step("s"))))
    connection = rig.store._writing.connect()
    connection.begin()
    return connection


def test_an_id_that_is_taken_is_told_as_sqlalchemy_tells_it(rig: Rig) -> None:
    with _begun(rig) as connection:
        row = _all(connection, select(steps), {})[0]
        with pytest.raises(IntegrityError) as caught:
            prepared.change(connection, statements_for(steps).insert, row)
        assert "s" not in (caught.value.params or ())
        assert caught.value.hide_parameters


def test_a_value_that_cannot_be_kept_is_not_quoted(rig: Rig) -> None:
    with _begun(rig) as connection:
        row = _all(connection, select(steps), {})[0] | {"id": "t", "due_at": NOW.replace(tzinfo=None)}
        with pytest.raises(StatementError) as caught:
            prepared.change(connection, statements_for(steps).insert, row)
        assert not isinstance(caught.value, DBAPIError)
        with pytest.raises(StatementError):
            prepared.first(connection, statements_for(steps).read, {"of_organisation": ORG})


@pytest.mark.parametrize("rig", ["postgresql"], indirect=True)
def test_a_connection_that_was_cut_is_known_to_be_gone(rig: Rig) -> None:
    with _begun(rig) as connection, rig.store._reading.connect() as other:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(OperationalError) as caught:
            prepared.first(connection, statements_for(steps).read, {"of_organisation": ORG, "of_id": "s"})
        assert caught.value.connection_invalidated
        assert connection.invalidated
    run(rig.store.write(ORG, lambda tx: tx.add(step("after"))))


def test_whoever_watches_an_engine_hears_of_these_statements(rig: Rig) -> None:
    heard: list[tuple[str, str]] = []

    def before(_connection: Connection, _cursor: object, statement: str, *_: Any) -> None:
        heard.append(("before", statement))

    def after(_connection: Connection, _cursor: object, statement: str, *_: Any) -> None:
        heard.append(("after", statement))

    event.listen(rig.store._writing, "before_cursor_execute", before)
    event.listen(rig.store._writing, "after_cursor_execute", after)

    def body(tx: Tx) -> None:
        tx.add(step("heard"))
        assert tx.get(Step, step("heard").id) is not None

    run(rig.store.write(ORG, body))
    said = [(when, " ".join(statement.split()[:3])) for when, statement in heard]
    for statement in ("INSERT INTO step", "INSERT INTO journal"):
        assert said.count(("before", statement)) == said.count(("after", statement)) == 1


def test_what_is_not_understood_goes_its_usual_way(rig: Rig) -> None:
    listed = select(steps.c.id).where(steps.c.id.in_(bindparam("ids", expanding=True)))
    counted = select(func.count().label("n")).select_from(steps)
    words = text("SELECT 1 AS one")
    held = update(steps).where(steps.c.id == bindparam("which")).values(reminders=5)
    with _begun(rig) as connection:
        assert _prepared(connection, listed, {"ids": ["s"]}) is None
        assert prepared.rows(connection, listed, {"ids": ["s", "t"]}) == [{"id": "s"}]
        assert _prepared(connection, words, {}) is None
        assert prepared.first(connection, words, {}) == {"one": 1}
        assert _prepared(connection, counted, {}) is not None
        assert prepared.first(connection, counted, {}) == {"n": 1}
        assert prepared.change(connection, held, {"which": "s"}) == 1
        assert prepared.first(connection, select(literal(7, Integer).label("seven")), {}) == {"seven": 7}


def test_nothing_is_run_outside_a_transaction(rig: Rig) -> None:
    run(rig.store.write(ORG, lambda tx: tx.add(step("s"))))
    place: dict[str, object] = {"of_organisation": ORG, "of_id": "s"}
    with rig.store._writing.connect() as connection:
        assert _prepared(connection, statements_for(steps).delete, place) is None
        assert prepared.change(connection, statements_for(steps).delete, place) == 1
        assert connection.in_transaction()
    assert len(run(rig.store.read(ORG, lambda tx: tx.find(Step)))) == 1
