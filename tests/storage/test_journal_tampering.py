"""Every way of tampering with the journal is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, delete, insert, select, update

from tests.storage.story import KEYRING, bring_up
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.domain.bulletins import PUBLISHED, Bulletin, BulletinId
from trim_bot.domain.records import Action
from trim_bot.storage.binding import BoundRows
from trim_bot.storage.bound_register import BoundRegister
from trim_bot.storage.journal import Head, SqlJournal
from trim_bot.storage.journal_check import (
    AnchorBroken,
    AnchorExists,
    ChainFault,
    ChainFaultKind,
    Heads,
    anchor,
    read_anchor,
)
from trim_bot.storage.journal_check import verify_journal as verify
from trim_bot.storage.small_stores import durable_engine, write_transaction
from trim_bot.storage.tables import bulletins, journal, members

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
LENGTH = 8
KEYED = Pseudonyms(KEYRING)


def _write(connection: Connection, organisation: str, count: int) -> None:
    chain = SqlJournal(connection, organisation, KEYED)
    for n in range(count):
        chain.write(f"actor{n}", Action.CHANGED, "profile", f"subject{n}", NOON)
    chain.finish()


def verify_journal(
    url: str, organisation: str | None = None, anchor: Heads | None = None
) -> list[ChainFault]:
    return verify(url, KEYED, organisation, anchor)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'data.db'}"
    else:
        url = str(request.getfixturevalue("postgres_database"))
    bring_up(url)
    engine = durable_engine(url)
    with write_transaction(engine) as connection:
        _write(connection, "one", LENGTH)
        _write(connection, "two", LENGTH)
    engine.dispose()
    return url


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    engine = durable_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _row(organisation: str, seq: int):
    return (journal.c.organisation == organisation) & (journal.c.seq == seq)


def _edited(connection: Connection) -> int:
    connection.execute(update(journal).where(_row("one", 4)).values(actor="somebody else"))
    return 4


def _removed(connection: Connection) -> int:
    connection.execute(delete(journal).where(_row("one", 4)))
    return 4


def _removed_and_closed_up(connection: Connection) -> int:
    connection.execute(delete(journal).where(_row("one", 4)))
    for seq in range(5, LENGTH + 1):
        connection.execute(update(journal).where(_row("one", seq)).values(seq=seq - 1))
    return 4


def _reordered(connection: Connection) -> int:
    for before, after in ((3, 99), (4, 3), (99, 4)):
        connection.execute(update(journal).where(_row("one", before)).values(seq=after))
    return 3


def _inserted(connection: Connection) -> int:
    row = dict(connection.execute(select(journal).where(_row("one", LENGTH))).mappings().one())
    connection.execute(insert(journal), row | {"seq": LENGTH + 1})
    return LENGTH + 1


def _from_another_organisation(connection: Connection) -> int:
    row = dict(connection.execute(select(journal).where(_row("two", 4))).mappings().one())
    connection.execute(update(journal).where(_row("one", 4)).values(digest=row["digest"]))
    return 4


def _beginning_removed(connection: Connection) -> int:
    connection.execute(delete(journal).where(journal.c.organisation == "one", journal.c.seq <= 3))
    return 1


TAMPERING = [
    _edited,
    _removed,
    _removed_and_closed_up,
    _reordered,
    _inserted,
    _from_another_organisation,
    _beginning_removed,
]


@pytest.mark.parametrize("column", ["at", "actor", "action", "what", "subject", "digest"])
def test_no_column_can_be_edited(url: str, connection: Connection, column: str) -> None:
    value = NOON.replace(year=2025) if column == "at" else "erased"
    with connection.begin():
        connection.execute(update(journal).where(_row("two", 5)).values({column: value}))
    assert verify_journal(url) == [ChainFault("two", 5, ChainFaultKind.BROKEN)]


def test_whole_chains_have_no_fault(url: str, tmp_path: Path) -> None:
    heads = anchor(url, tmp_path / "anchor.json", NOON)
    assert verify_journal(url) == []
    assert verify_journal(url, anchor=heads) == []
    assert {name: last.seq for name, last in heads.items()} == {"one": LENGTH, "two": LENGTH}


@pytest.mark.parametrize("tamper", TAMPERING)
def test_tampering_is_found_where_it_was_done(url: str, connection: Connection, tamper) -> None:
    with connection.begin():
        seq = tamper(connection)
    assert verify_journal(url) == [ChainFault("one", seq, ChainFaultKind.BROKEN)]
    assert verify_journal(url, "one") == [ChainFault("one", seq, ChainFaultKind.BROKEN)]
    assert verify_journal(url, "two") == []


def test_a_cut_off_end_is_found_with_an_anchor(url: str, connection: Connection, tmp_path: Path) -> None:
    heads = anchor(url, tmp_path / "anchor.json", NOON)
    with connection.begin():
        connection.execute(delete(journal).where(journal.c.organisation == "one", journal.c.seq > 5))
        connection.execute(delete(journal).where(journal.c.organisation == "two"))
    assert verify_journal(url) == []
    assert verify_journal(url, anchor=heads) == [
        ChainFault("one", 6, ChainFaultKind.CUT_OFF),
        ChainFault("two", 1, ChainFaultKind.CUT_OFF),
    ]


def test_a_chain_taken_out_whole_is_found_without_an_anchor(url: str, connection: Connection) -> None:
    with connection.begin():
        named = {"organisation": "two", "id": "m1", "key_id": "k", "sealed": b""}
        columns = {column.name: "" for column in members.columns if not column.nullable}
        kept = {name: named.get(name, _plain(members.c[name])) for name in columns}
        connection.execute(insert(members), kept)
        connection.execute(delete(journal).where(journal.c.organisation == "two"))
    assert verify_journal(url) == [ChainFault("two", 1, ChainFaultKind.EMPTY)]
    assert verify_journal(url, "two") == [ChainFault("two", 1, ChainFaultKind.EMPTY)]
    assert verify_journal(url, "one") == []


PUBLISHED_FIRST = Bulletin(BulletinId("b1"), "2026-Q4", NOON, '{"band": "0–9"}', "signed")


@pytest.fixture
def published(connection: Connection) -> int:
    """The number of the row of the first of two bulletins."""
    with connection.begin():
        chain = SqlJournal(connection, "one", KEYED)
        bound = BoundRows(connection, chain, BoundRegister("one", KEYED), Head(0, ""), lambda *_: None)
        for one in (PUBLISHED_FIRST, replace(PUBLISHED_FIRST, id=BulletinId("b2"), period="2026-Q4-half")):
            _put_in(connection, "one", one)
            chain.write("system", Action.CHANGED, PUBLISHED, one.digest, NOON)
            bound.bind(bulletins, asdict(one))
        bound.finish()
    return LENGTH + 1


def _put_in(connection: Connection, organisation: str, one: Bulletin) -> None:
    connection.execute(insert(bulletins), {"organisation": organisation, **asdict(one)})


@pytest.mark.parametrize(
    "changed",
    [
        {"body": '{"band": "10–14"}'}, {"period": "2026-Q3"}, {"signature": "other"}, {"id": "b9"},
        {"published_at": NOON.replace(year=2027)},
    ],
)  # fmt: skip
def test_a_bulletin_that_does_not_fit_its_row_is_found(
    url: str, connection: Connection, published: int, changed: dict[str, object]
) -> None:
    assert verify_journal(url) == []
    with connection.begin():
        connection.execute(update(bulletins).where(bulletins.c.id == "b1").values(changed))
    assert verify_journal(url) == [ChainFault("one", published, ChainFaultKind.BULLETIN)]
    assert verify_journal(url, "two") == []


def test_a_bulletin_taken_out_is_found(url: str, connection: Connection, published: int) -> None:
    with connection.begin():
        connection.execute(delete(bulletins).where(bulletins.c.id == "b2"))
    assert verify_journal(url) == [ChainFault("one", published + 1, ChainFaultKind.BULLETIN)]


def test_a_bulletin_put_in_is_found(url: str, connection: Connection, published: int) -> None:
    with connection.begin():
        _put_in(connection, "one", replace(PUBLISHED_FIRST, id=BulletinId("b3")))
        _put_in(connection, "two", PUBLISHED_FIRST)
    assert verify_journal(url) == [
        ChainFault("one", published + 2, ChainFaultKind.BULLETIN),
        ChainFault("two", LENGTH + 1, ChainFaultKind.BULLETIN),
    ]


def _plain(column: Column[Any]) -> object:
    return {str: "", bytes: b"", int: 0, bool: False}[column.type.python_type]


def test_a_chain_made_anew_is_found_with_an_anchor(url: str, connection: Connection, tmp_path: Path) -> None:
    heads = anchor(url, tmp_path / "anchor.json", NOON)
    with connection.begin():
        connection.execute(delete(journal).where(journal.c.organisation == "one"))
        chain = SqlJournal(connection, "one", KEYED)
        for n in range(LENGTH + 3):
            chain.write(f"other{n}", Action.CHANGED, "profile", "", NOON)
        chain.finish()
    assert verify_journal(url) == []
    assert verify_journal(url, anchor=heads) == [ChainFault("one", LENGTH, ChainFaultKind.BROKEN)]


def test_a_chain_that_has_grown_still_fits_its_anchor(
    url: str, connection: Connection, tmp_path: Path
) -> None:
    path = tmp_path / "anchor.json"
    anchor(url, path, NOON)
    with connection.begin():
        _write(connection, "one", 3)
    assert verify_journal(url, anchor=read_anchor(path)) == []


def test_an_anchor_is_never_written_over(url: str, tmp_path: Path) -> None:
    path = tmp_path / "anchor.json"
    heads = anchor(url, path, NOON)
    with pytest.raises(AnchorExists):
        anchor(url, path, NOON)
    assert read_anchor(path) == heads
    assert all(isinstance(last, Head) for last in heads.values())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2, "heads": {}}', '{"format": 1, "heads": 3}'])
def test_what_is_no_anchor_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "anchor.json"
    path.write_text(text)
    with pytest.raises(AnchorBroken):
        read_anchor(path)
    with pytest.raises(AnchorBroken):
        read_anchor(tmp_path / "nowhere.json")
