"""The erasure ledger keeps every line, and tells itself from any other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from trim_bot.storage.errors import OtherLedger
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.ledger_tables import ErasureKind
from trim_bot.storage.small_stores import NoStore, durable_engine

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def ledger(url: str) -> Iterator[ErasureLedger]:
    ledger = ErasureLedger(url)
    yield ledger
    ledger.close()


def test_an_erasure_is_unfinished_until_it_is_done(ledger: ErasureLedger) -> None:
    first = ledger.begin("org", ErasureKind.CASE, "case1", ["k1", "k2"], NOON)
    second = ledger.begin("org", ErasureKind.MEMBER, "member1", [], NOON)
    assert ledger.unfinished() == [first, second]
    ledger.finish(first, NOON + timedelta(hours=1))
    assert ledger.unfinished() == [second]
    done, begun = ledger.erasures()
    assert (done.key_ids, done.begun_at, done.done_at) == (("k1", "k2"), NOON, NOON + timedelta(hours=1))
    assert begun == second
    assert ledger.lines() == 3


def test_another_process_sees_the_same_ledger(ledger: ErasureLedger, url: str) -> None:
    erasure = ledger.begin("org", ErasureKind.CASE, "case1", ["k1"], NOON)
    again = ErasureLedger(url, create=False)
    assert again.id == ledger.id
    assert again.unfinished() == [erasure]
    again.close()


@pytest.mark.parametrize("change", ["DELETE FROM ledger_lines", "UPDATE ledger_lines SET state = 'done'"])
def test_no_line_can_be_changed_or_removed(ledger: ErasureLedger, url: str, change: str) -> None:
    ledger.begin("org", ErasureKind.CASE, "case1", ["k1"], NOON)
    engine = durable_engine(url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()
    assert len(ledger.unfinished()) == 1


def test_a_ledger_with_lines_missing_is_refused(ledger: ErasureLedger) -> None:
    ledger.begin("org", ErasureKind.CASE, "case1", ["k1"], NOON)
    ledger.must_be(ledger.id, 1)
    with pytest.raises(OtherLedger):
        ledger.must_be(ledger.id, 2)
    with pytest.raises(OtherLedger):
        ledger.must_be("another", 0)


def test_openings_at_once_agree_on_its_id(url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        ledgers = list(pool.map(lambda _: ErasureLedger(url), range(6)))
    assert len({each.id for each in ledgers}) == 1
    for each in ledgers:
        each.close()


def test_a_missing_ledger_is_not_made_in_silence(tmp_path: Path) -> None:
    with pytest.raises(NoStore):
        ErasureLedger(f"sqlite:///{tmp_path / 'gone.db'}", create=False)


def test_a_database_without_a_ledger_is_left_as_it_is(request: pytest.FixtureRequest) -> None:
    url = str(request.getfixturevalue("postgres_database"))
    for _ in range(2):
        with pytest.raises(NoStore):
            ErasureLedger(url, create=False)
