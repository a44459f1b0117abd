"""Whoever changes the journal behind the program's back is found out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tests.storage.conftest import Rig
from tests.storage.running import NOW, ORG, OTHER, run
from tests.store_looks import journal_break
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.records import Action
from trim_bot.storage.journal import Head
from trim_bot.storage.tables import journal


def _write(tx: Tx) -> None:
    for number in range(5):
        tx.journal.write("actor", Action.HELD, "interview", f"subject {number}", NOW)


@pytest.fixture
def engine(rig: Rig) -> Iterator[Engine]:
    run(rig.store.write(ORG, _write))
    run(rig.store.write(OTHER, _write))
    run(rig.store.write(ORG, _write))
    engine = create_engine(rig.url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "another"),
        ("action", "closed"),
        ("action", "nothing known"),
        ("what", "case"),
        ("subject", "someone else"),
        ("digest", "0" * 64),
        ("at", NOW.replace(year=2025)),
    ],
)
def test_a_changed_row_breaks_the_chain(rig: Rig, engine: Engine, column: str, value: object) -> None:
    assert run(journal_break(rig.store, ORG)) is None
    with engine.begin() as connection:
        row = (journal.c.organisation == ORG) & (journal.c.seq == 7)
        connection.execute(update(journal).where(row).values({column: value}))
    assert run(journal_break(rig.store, ORG)) == 7
    assert run(journal_break(rig.store, OTHER)) is None


def test_a_missing_row_breaks_the_chain(rig: Rig, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(delete(journal).where(journal.c.organisation == ORG, journal.c.seq == 4))
    assert run(journal_break(rig.store, ORG)) == 4


def test_only_an_anchor_finds_a_chain_cut_short_or_made_anew(rig: Rig, engine: Engine) -> None:
    head = run(rig.store.journal_head(ORG))
    assert head.seq == 10
    anchors = {head.seq: head.digest}
    assert run(journal_break(rig.store, ORG, anchors)) is None
    with engine.begin() as connection:
        connection.execute(delete(journal).where(journal.c.organisation == ORG, journal.c.seq > 8))
    assert run(journal_break(rig.store, ORG)) is None
    assert run(journal_break(rig.store, ORG, anchors)) == 9
    for _ in range(2):
        run(rig.store.write(ORG, lambda tx: tx.journal.write("x", Action.HELD, "y", "z", NOW)))
    assert run(journal_break(rig.store, ORG)) is None
    assert run(journal_break(rig.store, ORG, anchors)) == 10


def test_another_organisations_rows_do_not_fit(rig: Rig, engine: Engine) -> None:
    with engine.begin() as connection:
        copied = [dict(row) for row in connection.execute(select(journal)).mappings()]
        connection.execute(delete(journal).where(journal.c.organisation == OTHER))
        rows = [{**row, "organisation": OTHER} for row in copied if row["organisation"] == ORG]
        connection.execute(insert(journal), rows)
    assert run(journal_break(rig.store, OTHER)) == 1


def test_two_rows_never_share_a_number(engine: Engine) -> None:
    with engine.connect() as connection:
        row = dict(connection.execute(select(journal).limit(1)).mappings().one())
        with pytest.raises(IntegrityError):
            connection.execute(insert(journal), row)


def test_the_chain_can_be_read_in_pages(rig: Rig, engine: Engine) -> None:
    del engine
    pages = [run(rig.store.journal_entries(ORG, after, 4)) for after in (0, 4, 8, 10)]
    assert [[one.seq for one in page] for page in pages] == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10], []]
    assert run(rig.store.journal_head(OTHER)) == Head(
        5, run(rig.store.journal_entries(OTHER, 4, 1))[0].digest
    )
