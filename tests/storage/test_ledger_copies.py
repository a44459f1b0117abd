"""A ledger is copied while it is in use, and moved whole between either database; the old one is shut."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from trim_bot.domain.errors import StoreUnavailable
from trim_bot.storage.errors import MovedLedger, OtherLedger
from trim_bot.storage.ledger import ledger_copies
from trim_bot.storage.ledger.anchor import LedgerHead
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger, NoLedger
from trim_bot.storage.ledger.ledger_copies import CopyRefused, copy_ledger, move_ledger
from trim_bot.storage.ledger.ledger_tables import ErasureKind, ledger_lines
from trim_bot.storage.small_stores import durable_engine, shown_address, write_transaction
from trim_bot.storage.usage_lock import InUse, UsageLock

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
TODAY = date(2026, 11, 16)
BOTH_WAYS = [(one, other) for one in ("sqlite", "postgresql") for other in ("sqlite", "postgresql")]


def _url(kind: str, request: pytest.FixtureRequest, folder: Path, name: str) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder / name}.db"
    make: Callable[[], str] = request.getfixturevalue("new_postgres_database")
    return make()


def _fill(ledger: ErasureLedger, number: int = 3) -> None:
    for one in range(number):
        begun = ledger.begin("org", ErasureKind.CASE, f"case{one}", [f"key{one}"], NOON, ["other"])
        ledger.finish(begun, NOON)
        ledger.revocations.write("org", [(f"s{one}", "v")], f"token{one}", TODAY)
    ledger.note_fact("identity", "the-desk")


@pytest.mark.parametrize(("one", "other"), BOTH_WAYS)
def test_a_copy_is_whole_and_the_next_one_takes_its_place(
    one: str, other: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    source, target = _url(one, request, tmp_path, "ledger"), _url(other, request, tmp_path, "kept")
    with_lines = ErasureLedger(source)
    _fill(with_lines)
    copied = copy_ledger(source, target)
    assert copied.head == with_lines.head()
    _fill(with_lines)
    assert with_lines.revocations.prune(date(2026, 11, 17)) == 6
    _fill(with_lines, 1)
    assert copy_ledger(source, target).head == with_lines.head()
    copy = ErasureLedger(target, create=False)
    copy.must_be_whole()
    assert (copy.id, copy.head(), copy.erasures()) == (
        with_lines.id,
        with_lines.head(),
        with_lines.erasures(),
    )
    assert copy.fact("identity") == "the-desk"
    assert copy.revocations.after(0) == with_lines.revocations.after(0)
    # It goes on from there: its numbers follow those that were brought.
    _fill(copy, 1)
    copy.must_be_whole()
    copy.close()
    with pytest.raises(CopyRefused, match="knows more lines"):
        copy_ledger(source, target)
    with_lines.close()


def test_a_copy_in_a_file_is_one_file_of_the_owners_alone(tmp_path: Path) -> None:
    source = f"sqlite:///{tmp_path}/ledger.db"
    _filled(source)
    copy_ledger(source, f"sqlite:///{tmp_path}/kept/copy.db")
    [file] = (tmp_path / "kept").iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == ("copy.db", 0o600)


def test_nothing_else_is_ever_replaced_by_a_copy(tmp_path: Path) -> None:
    source, other = f"sqlite:///{tmp_path}/ledger.db", f"sqlite:///{tmp_path}/other.db"
    _filled(source)
    _filled(other)
    before = (tmp_path / "other.db").read_bytes()
    with pytest.raises(CopyRefused, match="Another desk's ledger"):
        copy_ledger(source, other)
    assert (tmp_path / "other.db").read_bytes() == before
    with sqlite3.connect(tmp_path / "else.db") as file:
        file.execute("CREATE TABLE mine (a)")
    file.close()
    with pytest.raises(CopyRefused, match="is no ledger"):
        copy_ledger(source, f"sqlite:///{tmp_path}/else.db")
    with pytest.raises(NoLedger, match="LEDGER_URL"):
        copy_ledger(f"sqlite:///{tmp_path}/none.db", f"sqlite:///{tmp_path}/new.db")
    copy_ledger(source, f"sqlite:///{tmp_path}/used.db")
    desk = UsageLock(f"sqlite:///{tmp_path}/used.db")
    desk.take()
    with pytest.raises(InUse):
        copy_ledger(source, f"sqlite:///{tmp_path}/used.db")
    desk.close()
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".used")]


@pytest.mark.parametrize(("one", "other"), BOTH_WAYS)
def test_a_ledger_is_moved_whole_and_the_old_one_takes_nothing_more(
    one: str, other: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    source, target = _url(one, request, tmp_path, "ledger"), _url(other, request, tmp_path, "moved")
    old = ErasureLedger(source)
    _fill(old)
    moved = move_ledger(old, source, target)
    assert moved.head == old.head()
    with pytest.raises(StoreUnavailable):
        old.begin("org", ErasureKind.CASE, "late", [], NOON)
    with pytest.raises(StoreUnavailable):
        old.revocations.write("org", [("s", "v")], "token", TODAY)
    old.close()
    for changes in (True, False):
        with pytest.raises(MovedLedger) as told:
            ErasureLedger(source, changes=changes)
        assert shown_address(target) in str(told.value)
    with pytest.raises(MovedLedger):
        copy_ledger(source, f"sqlite:///{tmp_path}/third.db")
    new = ErasureLedger(target, create=False)
    _fill(new, 1)
    new.must_be_whole()
    new.close()


@pytest.mark.parametrize(
    ("kind", "goes_on"), [("sqlite", False), ("sqlite", True), ("postgresql", False), ("postgresql", True)]
)
def test_a_move_that_was_cut_short_goes_on(
    kind: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    goes_on: bool,
) -> None:
    source, target = f"sqlite:///{tmp_path}/ledger.db", _url(kind, request, tmp_path, "moved")
    old = ErasureLedger(source)
    _fill(old)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for stage in ("_must_equal", "_shut"):
        with monkeypatch.context() as patched:
            patched.setattr(ledger_copies, stage, killed)
            with pytest.raises(KeyboardInterrupt):
                move_ledger(old, source, target)
    # The old one went on meanwhile: what lies there is an older copy, and is not taken for the whole.
    if goes_on:
        _fill(old, 1)
    old.note_fact("backup:made-in-between", "noted")
    assert move_ledger(old, source, target).head == old.head()
    old.close()
    new = ErasureLedger(target, create=False)
    assert new.fact("backup:made-in-between") == "noted"
    new.must_be_whole()
    new.close()


def test_a_move_never_writes_over_what_is_not_an_older_copy(tmp_path: Path) -> None:
    source, target = f"sqlite:///{tmp_path}/ledger.db", f"sqlite:///{tmp_path}/moved.db"
    old = ErasureLedger(source)
    _fill(old)
    copy_ledger(source, target)
    further = ErasureLedger(target)
    _fill(further, 1)
    further.close()
    with pytest.raises(CopyRefused, match="knows more lines"):
        move_ledger(old, source, target)
    other = f"sqlite:///{tmp_path}/other.db"
    _filled(other)
    with pytest.raises(CopyRefused, match="Another desk's ledger"):
        move_ledger(old, source, other)
    old.close()


def test_a_copy_that_lacks_a_line_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = f"sqlite:///{tmp_path}/ledger.db", f"sqlite:///{tmp_path}/moved.db"
    old = ErasureLedger(source)
    _fill(old)
    written = ledger_copies._write

    def one_short(held: ErasureLedger, at: str, to: str) -> LedgerHead:
        head = written(held, at, to)
        with sqlite3.connect(tmp_path / "moved.db") as file:
            file.execute("DROP TRIGGER ledger_no_DELETE")
            file.execute("DROP TRIGGER ledger_digests_no_DELETE")
            file.execute("DELETE FROM ledger_digests WHERE n = (SELECT max(n) FROM ledger_digests)")
            file.execute("DELETE FROM ledger_lines WHERE seq = (SELECT max(seq) FROM ledger_lines)")
        file.close()
        return head

    monkeypatch.setattr(ledger_copies, "_write", one_short)
    with pytest.raises(OtherLedger):
        move_ledger(old, source, target)
    old.begin("org", ErasureKind.CASE, "goes-on", [], NOON)
    old.close()


def test_the_old_one_is_shut_by_its_database_too(tmp_path: Path) -> None:
    source = f"sqlite:///{tmp_path}/ledger.db"
    old = ErasureLedger(source)
    _fill(old)
    move_ledger(old, source, f"sqlite:///{tmp_path}/moved.db")
    old.close()
    engine = durable_engine(source)
    with pytest.raises((StoreUnavailable, DBAPIError)), write_transaction(engine) as connection:
        connection.execute(
            ledger_lines.insert().from_select(
                ["erasure_id", "organisation", "what", "record_id", "key_ids", "other_ids", "state", "at"],
                select(*(column for column in ledger_lines.c if column.name != "seq")).limit(1),
            )
        )
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(ledger_lines)) == 6
    engine.dispose()


def test_an_address_is_shown_without_its_password() -> None:
    shown = shown_address("postgresql+psycopg://desk:s3cret@db.example.org:5433/ledger?password=s3cret&x=1")
    assert shown == "postgresql://desk@db.example.org:5433/ledger?x=1"
    assert shown_address("sqlite:////srv/ledger.db") == "sqlite:////srv/ledger.db"


def _filled(url: str) -> None:
    ledger = ErasureLedger(url)
    _fill(ledger)
    ledger.close()
