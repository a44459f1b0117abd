"""The head of the ledger is kept outside it, and shows an older copy of the ledger for what it is."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from trim_bot.storage.errors import OlderLedger, OtherLedger
from trim_bot.storage.ledger.anchor import AnchorUnreadable, ChainPoint, FileAnchor, LedgerHead
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.ledger_tables import ErasureKind, ledger_facts, ledger_lines
from trim_bot.storage.small_stores import durable_engine

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TODAY = NOON.date()
HEAD = LedgerHead("one", ChainPoint(1, "a"), ChainPoint(2, "b"))


class StoreFailing:
    """An anchor that a crash, or a full disk, keeps from being written."""

    def __init__(self, anchor: FileAnchor) -> None:
        self.anchor = anchor

    def append(self, head: LedgerHead, *, anew: bool = False) -> None:
        raise AnchorUnreadable

    def newest(self) -> LedgerHead | None:
        return self.anchor.newest()


@pytest.fixture
def anchor(tmp_path: Path) -> FileAnchor:
    return FileAnchor(tmp_path / "away" / "anchor")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def ledger(url: str, anchor: FileAnchor) -> Iterator[ErasureLedger]:
    ledger = ErasureLedger(url, anchor=anchor)
    yield ledger
    ledger.close()


def test_the_newest_head_counts_and_is_the_owners_alone(anchor: FileAnchor) -> None:
    assert anchor.newest() is None
    for n in range(3):
        anchor.append(LedgerHead("one", ChainPoint(n, "a"), ChainPoint(2, "b")))
    assert anchor.newest() == LedgerHead("one", ChainPoint(2, "a"), ChainPoint(2, "b"))
    assert anchor.path.stat().st_mode & 0o077 == 0


def test_a_line_cut_short_counts_for_nothing_and_spoils_none_after_it(anchor: FileAnchor) -> None:
    anchor.append(HEAD)
    whole = anchor.path.read_bytes()
    anchor.path.write_bytes(whole + whole[:-9])
    assert anchor.newest() == HEAD
    anchor.append(later := LedgerHead("one", ChainPoint(9, "c"), ChainPoint(2, "b")))
    assert anchor.newest() == later


def test_a_file_of_something_else_is_never_taken_for_none(anchor: FileAnchor) -> None:
    anchor.path.parent.mkdir()
    anchor.path.write_text("[]\n", encoding="utf-8")
    with pytest.raises(AnchorUnreadable):
        anchor.newest()


def test_a_long_file_begins_anew_with_its_newest_line(
    anchor: FileAnchor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trim_bot.storage.ledger.anchor._LONGEST", 200)
    for n in range(20):
        anchor.append(LedgerHead("one", ChainPoint(n, "a"), ChainPoint(2, "b")))
        assert anchor.newest() == LedgerHead("one", ChainPoint(n, "a"), ChainPoint(2, "b"))
    assert anchor.path.stat().st_size < 500
    assert os.listdir(anchor.path.parent) == ["anchor"]


def test_a_head_that_another_process_has_gone_past_is_left_out(anchor: FileAnchor) -> None:
    """Two add a line each, and the one that was first comes last to the anchor."""
    first, second = (
        LedgerHead("one", ChainPoint(5, "a"), ChainPoint(3, "b")),
        LedgerHead("one", ChainPoint(6, "c"), ChainPoint(3, "b")),
    )
    anchor.append(second)
    anchor.append(first)
    assert anchor.newest() == second
    anchor.append(other := LedgerHead("two", ChainPoint(1, "d"), ChainPoint(0, "")))
    assert anchor.newest() == other, "another ledger begins an anchor of its own"


def test_an_anchor_begun_afresh_holds_what_it_is_told(anchor: FileAnchor) -> None:
    anchor.append(LedgerHead("one", ChainPoint(6, "c"), ChainPoint(3, "b")))
    anchor.append(older := LedgerHead("one", ChainPoint(5, "a"), ChainPoint(3, "b")), anew=True)
    assert anchor.newest() == older


class OneBehind:
    """An anchor of a process that is slow to reach it: each head comes there once the next line is written."""

    def __init__(self, anchor: FileAnchor) -> None:
        self.anchor = anchor
        self.held: LedgerHead | None = None

    def append(self, head: LedgerHead, *, anew: bool = False) -> None:
        late, self.held = self.held, head
        if late is not None:
            self.anchor.append(late, anew=anew)

    def newest(self) -> LedgerHead | None:
        return self.anchor.newest()


def test_whatever_order_processes_come_in_the_newest_head_is_the_last_line(
    url: str, anchor: FileAnchor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several ledgers open on one place write at once, past the length at which the file begins anew.

    Each is behind, and at the end the one that is furthest behind comes last.
    """
    monkeypatch.setattr("trim_bot.storage.ledger.anchor._LONGEST", 2000)
    slow = [OneBehind(FileAnchor(anchor.path)) for _ in range(3)]
    writers = [ErasureLedger(url, anchor=one) for one in slow]

    def write(number: int) -> None:
        for n in range(8):
            writers[number].begin("org", ErasureKind.CASE, f"case{number}-{n}", [], NOON)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(write, range(3)))
    late = sorted((one.held for one in slow if one.held is not None), key=lambda head: head.erasures.n)
    assert [head.erasures.n for head in late][-1] == 24
    for head in reversed(late):
        anchor.append(head)
        assert anchor.newest() == late[-1] == writers[0].head()
    for writer in writers:
        writer.close()


def test_a_process_that_stopped_with_the_anchor_in_hand_holds_nobody_up(
    ledger: ErasureLedger, anchor: FileAnchor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is kept, the anchor stays behind, and catches up once it is free again."""
    monkeypatch.setattr("trim_bot.storage.ledger.anchor._PATIENCE", 0.0)
    ledger.begin("org", ErasureKind.CASE, "case1", ["k1"], NOON)
    before = anchor.newest()
    stopped = os.open(anchor.path, os.O_RDONLY)
    fcntl.flock(stopped, fcntl.LOCK_EX)
    with ThreadPoolExecutor(1) as pool:
        try:
            pool.submit(ledger.begin, "org", ErasureKind.CASE, "case2", ["k2"], NOON).result(timeout=20)
            assert (anchor.newest(), ledger.anchor_behind, ledger.head().erasures.n) == (before, True, 2)
        finally:
            os.close(stopped)
    ledger.keep_anchor()
    assert (anchor.newest(), ledger.anchor_behind) == (ledger.head(), False)


def test_every_line_is_followed_by_the_head(ledger: ErasureLedger, anchor: FileAnchor) -> None:
    erasure = ledger.begin("org", ErasureKind.CASE, "case1", ["k1"], NOON)
    begun = anchor.newest()
    ledger.revocations.write("org", [("s", "v"), ("t", "v")], "token", TODAY)
    ledger.finish(erasure, NOON)
    assert begun is not None
    assert anchor.newest() == ledger.head()
    assert (begun.erasures.n, ledger.head().erasures.n, ledger.head().revocations.n) == (1, 2, 2)
    ledger.must_pass(begun)
    ledger.must_be_whole()


@pytest.mark.parametrize("part", ["erasures", "revocations"])
def test_an_anchor_ahead_of_the_ledger_is_refused(
    ledger: ErasureLedger, anchor: FileAnchor, part: str
) -> None:
    ledger.begin("org", ErasureKind.CASE, "case1", [], NOON)
    ledger.revocations.write("org", [("s", "v")], "token", TODAY)
    head = ledger.head()
    ahead = ChainPoint(getattr(head, part).n + 1, "f" * 64)
    anchor.append(
        LedgerHead(head.ledger, **{"erasures": head.erasures, "revocations": head.revocations, part: ahead})
    )
    with pytest.raises(OlderLedger):
        ledger.keep_anchor()
    anchor.append(LedgerHead("another", head.erasures, head.revocations))
    with pytest.raises(OlderLedger):
        ledger.anchored()


def test_a_crash_between_line_and_anchor_heals(url: str, anchor: FileAnchor) -> None:
    ledger = ErasureLedger(url, anchor=anchor)
    ledger.begin("org", ErasureKind.CASE, "case1", [], NOON)
    ledger.close()
    crashing = ErasureLedger(url, anchor=StoreFailing(anchor))
    crashing.begin("org", ErasureKind.CASE, "case2", [], NOON)
    assert crashing.anchor_behind
    crashing.close()
    again = ErasureLedger(url, anchor=anchor)
    assert anchor.newest() != again.head()
    again.keep_anchor()
    assert anchor.newest() == again.head()
    assert len(again.unfinished()) == 2
    again.close()


def test_lines_taken_out_or_changed_behind_the_triggers_are_found(ledger: ErasureLedger, url: str) -> None:
    for name in ("case1", "case2", "case3"):
        ledger.begin("org", ErasureKind.CASE, name, [], NOON)
    engine = durable_engine(url)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE ledger_lines DISABLE TRIGGER ledger_append_only"))
        else:
            connection.execute(text("DROP TRIGGER ledger_no_UPDATE"))
        connection.execute(text("UPDATE ledger_lines SET record_id = 'other' WHERE record_id = 'case2'"))
    engine.dispose()
    with pytest.raises(OtherLedger):
        ledger.must_be_whole()


def test_a_ledger_of_the_version_before_is_brought_up_with_every_line(url: str, anchor: FileAnchor) -> None:
    engine = durable_engine(url)
    with engine.begin() as connection:
        ledger_lines.metadata.create_all(connection, tables=[ledger_lines, ledger_facts])
        for n in range(3):
            connection.execute(
                ledger_lines.insert().values(
                    erasure_id=f"e{n}",
                    organisation="org",
                    what="case",
                    record_id=f"case{n}",
                    key_ids="[]",
                    other_ids="[]",
                    state="begun",
                    at=NOON.isoformat(),
                )
            )
        connection.execute(ledger_facts.insert().values(name="id", value="the-ledger"))
    engine.dispose()
    looking = ErasureLedger(url, create=False, anchor=anchor, changes=False)
    assert (looking.id, looking.lines(), looking.head()) == ("the-ledger", 3, LedgerHead("the-ledger"))
    looking.close()
    ledger = ErasureLedger(url, create=False, anchor=anchor)
    ledger.keep_anchor()
    assert (ledger.id, ledger.head().erasures.n, len(ledger.unfinished())) == ("the-ledger", 3, 3)
    ledger.must_be_whole()
    ledger.close()


def test_takings_back_are_pruned_by_day_alone_and_the_chain_goes_on(ledger: ErasureLedger, url: str) -> None:
    for days in range(4):
        ledger.revocations.write("org", [(f"s{days}", "v")], f"t{days}", TODAY + timedelta(days=days))
    before = ledger.head()
    engine = durable_engine(url)
    with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM ledger_takings WHERE n = 1"))
    assert ledger.revocations.prune(TODAY + timedelta(days=2)) == 2
    assert ledger.revocations.kept_from() == TODAY + timedelta(days=2)
    with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM ledger_takings WHERE n = 3"))
    engine.dispose()
    assert [one.subject for one in ledger.revocations.after(0)] == ["s2", "s3"]
    assert ledger.head() == before
    ledger.must_be_whole()
    assert ledger.revocations.prune(TODAY + timedelta(days=9)) == 2
    assert ledger.head() == before
    ledger.revocations.write("org", [("s", "v")], "t", date(2027, 1, 1))
    assert ledger.head().revocations.n == 5
    ledger.must_pass(before)
    ledger.must_be_whole()


def test_void_lines_count_for_nothing(ledger: ErasureLedger) -> None:
    ledger.revocations.write("org", [("s", "v")], "kept", TODAY)
    ledger.revocations.write("org", [("s", "w")], "void", TODAY)
    ledger.revocations.void("void", TODAY)
    assert [(one.subject, one.value) for one in ledger.revocations.after(0)] == [("s", "v")]


def test_lines_are_asked_about_once_their_transaction_is_surely_over(ledger: ErasureLedger) -> None:
    ledger.revocations.write("org", [("s", "v")], "one", TODAY)
    assert ledger.revocations.unsettled(NOON, 60) == []
    ledger.revocations.write("org", [("s", "v")], "two", TODAY)
    assert ledger.revocations.unsettled(NOON + timedelta(seconds=59), 60) == []
    assert [one.token for one in ledger.revocations.unsettled(NOON + timedelta(seconds=61), 60)] == ["one"]
    ledger.revocations.settle(1)
    assert [one.token for one in ledger.revocations.unsettled(NOON + timedelta(minutes=3), 60)] == ["two"]
