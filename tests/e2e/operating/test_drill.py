"""A drill proves that a backup of now can be restored, finds what could not, and leaves no copy of a key behind."""

from __future__ import annotations

import asyncio
import errno
import gzip
import json
import os
import signal
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Executable, MetaData, Select, Table, delete, insert, select, update

from tests.e2e.operating.conftest import SITE, Place
from tests.e2e.operating.test_serve import PERSON, served
from trim_bot.app.clock.clocks import real_now
from trim_bot.bootstrap.serving import Desktop
from trim_bot.diagnosis import drill as drilling
from trim_bot.storage import tables
from trim_bot.storage.backup import dumps, private_folder, taking_backup
from trim_bot.storage.backup import restore as restoring
from trim_bot.storage.backup.private_folder import PrivateFolder, destroy
from trim_bot.storage.keys.key_tables import data_keys
from trim_bot.storage.ledger import ledger_copies
from trim_bot.storage.ledger.anchor import FileAnchor, LedgerHead
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.ledger_tables import ledger_digests
from trim_bot.storage.small_stores import durable_engine, write_transaction

OTHER = "web:other@example.org"
STEPS = ["backup", "ledger", "restore", "compare", "journal", "read", "destroy"]


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(place: Place, request: pytest.FixtureRequest) -> Place:
    """A desk with people, an erasure and settings, on either database."""
    if request.param == "postgresql":
        make: Callable[[], str] = request.getfixturevalue("new_postgres_database")
        place.set(DATABASE_URL=make(), KEYSTORE_URL=make(), LEDGER_URL=make())
        place.run("migrate")
    return settled_at(place)


@pytest.fixture
def settled(place: Place) -> Place:
    """The same on SQLite alone."""
    return settled_at(place)


def settled_at(place: Place) -> Place:
    place.run("members", "grant", "coordinator", PERSON, "--name", "Robin Vale")
    place.run("members", "grant", "lead", OTHER, "--name", "Alex Moor")
    place.run("members", "grant", "auditor", "web:third@example.org", "--name", "Kim Reed")
    place.run("erase", "web:third@example.org", "--yes")
    place.run("site", "apply", place.site_file(SITE.replace("example-transport", "default")))
    return place


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where copies are made. However a drill ends, nothing is left there."""
    folder = tmp_path_factory.mktemp("drills")
    monkeypatch.setattr(private_folder, "_where", lambda: folder)
    yield folder
    assert list(folder.iterdir()) == []


def fails(place: Place, step: str, words: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(place.run("drill", "--json", code=1))
    steps = told["steps"]
    assert (told["good"], told["failed"]) == (False, step), steps
    assert told["next"]
    [failed] = [one for one in steps if not one["good"]]
    assert words in failed["said"]
    assert steps[-1]["step"] == "destroy"
    for name in ("Robin", "Vale", "Alex", "Moor"):
        assert name not in json.dumps(told)
    assert _one(place, select(tables.meta.c.name).where(tables.meta.c.name == "last_drill")) == "None"
    return told


@pytest.mark.anyio
async def test_a_drill_brings_all_of_it_back_beside_the_running_desk(anywhere: Place) -> None:
    place = anywhere
    async with served(Desktop(place.settings())) as client:
        assert "warn drill" in await asyncio.to_thread(place.run, "doctor")
        before = _head(place)
        told = await asyncio.to_thread(place.json, "drill")
        assert [one["step"] for one in told["steps"]] == STEPS
        assert told["good"] and told["failed"] is None and told["restored_into"] == "sqlite"
        assert told["kinds"]["member"] == {"ok": 2, "shut": 0}
        assert told["kinds"]["site"] == {"ok": 1, "shut": 0}
        assert (told["organisations"], told["erased_again"], told["ledger"]["erasures"]) == (1, 1, 2)
        assert told["backup_bytes"] and told["restored_bytes"] and told["rows"]
        assert _head(place) == before
        assert (await client.get("/readyz")).status_code == 200
    said = await asyncio.to_thread(place.run, "doctor")
    assert "ok   drill        A restore was last rehearsed well on" in said
    await asyncio.to_thread(place.run, "journal", "verify")


def test_its_report_shows_nobody_and_its_backup_keeps_no_master_key(anywhere: Place) -> None:
    said = anywhere.run("drill")
    assert "A backup of now can be restored" in said and "member" in said
    assert "Robin" not in said and "Alex" not in said
    anywhere.run("keys", "rotate", "--yes")
    anywhere.run("keys", "rotate", "--retire", "--yes")


def test_a_backup_that_is_kept_is_one_like_any_other(settled: Place) -> None:
    place = settled
    said = place.run("drill", "--keep", "kept")
    assert "move the two files in kept" in said
    place.run("keys", "rotate", "--yes")
    assert "1 backup made before" in place.run("keys", "rotate", "--retire", "--yes", code=3)
    place.set(DATABASE_URL="sqlite:///again.db", KEYSTORE_URL="sqlite:///again-keys.db")
    place.run("restore", "kept", "--yes")
    assert "Robin Vale" in place.run("members", "list")


def test_a_row_that_the_backup_lacks_is_found(settled: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = dumps.dump_rows

    def one_short(
        connection: Connection, metadata: MetaData, path: Path, *, leave_out: Collection[str] = ()
    ) -> dict[str, int]:
        counts = whole(connection, metadata, path, leave_out=leave_out)
        with gzip.open(path) as file:
            lines = file.readlines()
        lost = next((line for line in lines if line.startswith(b'["counts"')), None)
        if lost is None:
            return counts
        with gzip.open(path, "wb") as file:
            file.writelines(line for line in lines if line != lost)
        return counts | {"counts": counts["counts"] - 1}

    _change(settled, "data", insert(tables.counts).values(organisation="o", period="2026", measure="m", n=3))
    monkeypatch.setattr(taking_backup, "dump_rows", one_short)
    fails(settled, "compare", "counts: 1 rows kept, 0 brought back")


def test_a_row_that_came_back_otherwise_is_found(settled: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = dumps.load_rows

    def changed(
        connection: Connection, metadata: MetaData, path: Path, *, without: Mapping[str, Collection[str]]
    ) -> dict[str, int]:
        counts = whole(connection, metadata, path, without=without)
        if metadata is tables.metadata:
            connection.execute(update(tables.counts).values(n=4))
        return counts

    _change(settled, "data", insert(tables.counts).values(organisation="o", period="2026", measure="m", n=3))
    monkeypatch.setattr(restoring, "load_rows", changed)
    fails(settled, "compare", "counts: rows came back changed")


def test_a_key_that_the_backup_lacks_is_found(settled: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = dumps.load_rows

    def one_short(
        connection: Connection, metadata: MetaData, path: Path, *, without: Mapping[str, Collection[str]]
    ) -> dict[str, int]:
        counts = whole(connection, metadata, path, without=without)
        if data_keys.name in metadata.tables:
            lost = select(data_keys.c.id).limit(1).scalar_subquery()
            connection.execute(delete(data_keys).where(data_keys.c.id == lost))
        return counts

    monkeypatch.setattr(restoring, "load_rows", one_short)
    fails(settled, "compare", "data_keys: ")


def test_a_key_that_was_lost_before_is_found(settled: Place) -> None:
    key = _one(settled, select(tables.members.c.key_id))
    _change(settled, "keys", delete(data_keys).where(data_keys.c.id == key))
    fails(settled, "read", "1 keys of records are not in the key store")


def test_a_record_that_does_not_open_is_found(settled: Place) -> None:
    one = _one(settled, select(tables.members.c.id))
    spoilt = update(tables.members).where(tables.members.c.id == one).values(sealed=b"spoilt" * 20)
    _change(settled, "data", spoilt)
    told = fails(settled, "read", "Records do not open: 1 in member")
    assert [one["step"] for one in told["steps"]] == STEPS
    assert "1 records left out that cannot be read" in told["steps"][2]["said"]


def test_settings_that_cannot_be_read_stop_no_drill_from_saying_so(settled: Place) -> None:
    _change(settled, "data", update(tables.sites).values(sealed=b"spoilt" * 20))
    told = fails(settled, "journal", "The journal does not hold in 1 places: site")
    assert [one["step"] for one in told["steps"]] == STEPS, "all the rest is looked at too"
    assert told["kinds"]["member"] == {"ok": 2, "shut": 0}


def test_a_record_that_does_not_open_once_all_is_back_is_found(
    settled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil(*given: Any, **more: Any) -> Any:
        restored = brought(*given, **more)
        engine = durable_engine(given[1].data)
        with write_transaction(engine) as connection:
            one = select(tables.members.c.id).limit(1).scalar_subquery()
            connection.execute(
                update(tables.members).where(tables.members.c.id == one).values(sealed=b"spoilt" * 20)
            )
        engine.dispose()
        return restored

    brought = restoring.restore
    monkeypatch.setattr(drilling, "restore", spoil)
    told = fails(settled, "read", "Records do not open: 1 in member")
    assert told["kinds"]["member"] == {"ok": 1, "shut": 1}


def test_a_record_that_was_changed_behind_the_desk_is_found(settled: Place) -> None:
    _change(settled, "data", update(tables.grants).values(role="practitioner"))
    fails(settled, "journal", "The journal does not hold in 1 places: role_grant")


def test_a_copy_of_the_ledger_that_is_one_line_short_is_found(
    settled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring = ledger_copies._bring

    def one_short(before: Connection, after: Connection, table: Table) -> None:
        bring(before, after, table)
        if table is ledger_digests:
            after.exec_driver_sql("DROP TRIGGER ledger_no_DELETE")
            after.exec_driver_sql("DROP TRIGGER ledger_digests_no_DELETE")
            after.exec_driver_sql("DELETE FROM ledger_digests WHERE n = 2")
            after.exec_driver_sql("DELETE FROM ledger_lines WHERE seq = 2")

    monkeypatch.setattr(ledger_copies, "_bring", one_short)
    fails(settled, "ledger", "not the whole erasure ledger")


def test_a_ledger_without_its_anchor_is_told(settled: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(FileAnchor, "newest", lambda _self: None)
        said = settled.run("drill", code=1)
    assert "There is no anchor at ANCHOR_URL" in said
    assert "Next: look at LEDGER_URL and ANCHOR_URL" in said


def test_a_ledger_behind_its_anchor_opens_no_drill(settled: Place) -> None:
    anchor = settled.folder / "desk.key.anchor"
    newest = json.loads(anchor.read_text(encoding="utf-8").splitlines()[-1])
    anchor.write_text(json.dumps(newest | {"erasures": [3, "f" * 64]}) + "\n", encoding="utf-8")
    assert "it is an older copy" in settled.run("drill", code=3)


AT = {
    "backup": "backup",
    "copy_ledger": "ledger",
    "restore": "restore",
    "sums_at": "compare",
    "verify_journal": "journal",
    "read_every_record": "read",
}


def test_whatever_fails_names_its_step_and_leaves_nothing(
    settled: Place, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **_more: object) -> None:
        raise RuntimeError("Robin Vale")

    for where, step in AT.items():
        with monkeypatch.context() as patched:
            patched.setattr(drilling, where, crash)
            fails(settled, step, "Something went wrong inside: RuntimeError at test_drill.py:")
        assert list(temporary.iterdir()) == []
    with monkeypatch.context() as patched:
        patched.setattr(drilling, "read_every_record", crash)
        settled.run("drill", "--keep", "kept", code=1)
    assert not Path("kept").exists()
    # Of a backup that is gone again nothing is noted.
    settled.run("keys", "rotate", "--yes")
    settled.run("keys", "rotate", "--retire", "--yes")


def test_a_full_disk_is_told_with_the_way_on(settled: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(drilling, "backup", full)
        told = fails(settled, "backup", "The disk under TMPDIR (")
    assert "TMPDIR" in str(told["next"])


def test_a_folder_that_holds_something_is_left_as_it_is(settled: Place) -> None:
    Path("mine").mkdir()
    Path("mine/note").write_text("kept", encoding="utf-8")
    assert "Something is already in this folder" in settled.run("drill", "--keep", "mine", code=1)
    assert Path("mine/note").read_text(encoding="utf-8") == "kept"


def test_one_that_is_stopped_in_the_middle_leaves_nothing_and_a_killed_one_until_the_next(
    settled: Place, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **_more: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    with monkeypatch.context() as patched:
        patched.setattr(drilling, "verify_journal", stop)
        assert settled.result("drill").exit_code != 0
    assert list(temporary.iterdir()) == []
    left = PrivateFolder()
    (left.path / "keys.jsonl.gz").write_bytes(b"wrapped keys")
    another = PrivateFolder()
    assert left.path.exists(), "it is in use"
    os.close(left._handle)
    another.destroy()
    settled.run("drill")


def test_what_is_destroyed_is_overwritten_first(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "keys").write_bytes(b"wrapped" * 1000)
    (tmp_path / "seen").hardlink_to(folder / "keys")
    destroy(folder)
    assert not folder.exists()
    assert (tmp_path / "seen").read_bytes() == bytes(7000)


def test_the_doctor_says_when_the_last_drill_is_long_ago(
    settled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled.run("drill")
    monkeypatch.setattr("trim_bot.diagnosis.drill_age.real_now", lambda: real_now() + timedelta(days=101))
    said = settled.run("doctor")
    assert "warn drill        A restore was last rehearsed well on" in said and "101 day(s) ago" in said


def test_where_nothing_is_kept_there_is_nothing_to_rehearse(place: Place) -> None:
    assert "no organisation yet" in place.run("drill", code=3)


def _head(place: Place) -> LedgerHead:
    ledger = ErasureLedger(place.settings().ledger_url.get_secret_value(), create=False)
    head = ledger.head()
    ledger.close()
    return head


def _change(place: Place, store: str, statement: Executable) -> None:
    settings = place.settings()
    url = settings.database_url if store == "data" else settings.keystore_url
    engine = durable_engine(url.get_secret_value())
    with write_transaction(engine) as connection:
        connection.execute(statement)
    engine.dispose()


def _one(place: Place, query: Select[tuple[str]]) -> str:
    engine = durable_engine(place.settings().database_url.get_secret_value())
    with write_transaction(engine) as connection:
        found = str(connection.scalar(query.limit(1)))
    engine.dispose()
    return found
