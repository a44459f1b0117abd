"""A backup is two files and a manifest, and comes back without what was erased since."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.storage.story import (
    ANN,
    ANNS_CASE,
    BENS_CASE,
    KEYRING,
    NOON,
    WORDS,
    Deployment,
    cells,
    sqlite_places,
)
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.domain.cases import Case, Interview
from trim_bot.domain.incidents import Incident
from trim_bot.domain.people import Member
from trim_bot.domain.records import Session
from trim_bot.storage.backup.restore import restore
from trim_bot.storage.backup.taking_backup import BackupBroken, BackupRefused, Places, backup, read_manifest
from trim_bot.storage.backup.what_is_there import NotEmpty
from trim_bot.storage.consistency.identity import IDENTITY
from trim_bot.storage.database_state import restore_pending
from trim_bot.storage.errors import OtherKeyring, OtherLedger
from trim_bot.storage.journal_check import ChainFaultKind, verify_journal
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger, NoLedger
from trim_bot.storage.ledger.ledger_tables import ErasureKind
from trim_bot.storage.schema_version import pending
from trim_bot.storage.small_stores import durable_engine, write_transaction
from trim_bot.storage.tables import journal

KEYED = Pseudonyms(KEYRING)

pytestmark = pytest.mark.anyio


def _places(request: pytest.FixtureRequest, kind: str, folder: Path) -> Places:
    if kind == "sqlite":
        folder.mkdir()
        return sqlite_places(folder)
    make = request.getfixturevalue("new_postgres_database")
    return Places(make(), make(), f"sqlite:///{folder}-ledger.db")


@pytest.fixture(params=["sqlite", "postgresql"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Deployment]:
    deployment = Deployment(_places(request, request.param, tmp_path / "live"))
    await deployment.tell_story()
    yield deployment
    deployment.close()


@pytest.fixture
async def small_desk(tmp_path: Path) -> AsyncIterator[Deployment]:
    (tmp_path / "live").mkdir()
    deployment = Deployment(sqlite_places(tmp_path / "live"))
    await deployment.tell_story()
    yield deployment
    deployment.close()


def _elsewhere(desk: Deployment, folder: Path) -> Places:
    folder.mkdir()
    empty = sqlite_places(folder)
    return Places(empty.data, empty.keys, desk.places.ledger)


def _take(desk: Deployment, directory: Path) -> Path:
    backup(desk.places, directory, KEYED, now=NOON, erase_days=30)
    return directory


async def _read(places: Places, desk: Deployment) -> Deployment:
    restored = Deployment(places)
    restored.organisation = desk.organisation
    return restored


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
async def test_what_was_backed_up_can_be_read_again_in_either_database(
    desk: Deployment, target: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    directory = _take(desk, tmp_path / "backup")
    there = _places(request, target, tmp_path / "restored")
    there = Places(there.data, there.keys, desk.places.ledger)
    result = restore(directory, there, KEYED, now=NOON)
    assert result.faults == ()
    assert not restore_pending(there.data)
    restored = await _read(there, desk)
    assert restored.keys.fingerprint() == desk.keys.fingerprint()
    for kind in (Case, Interview, Incident, Member):
        assert await restored.every(kind) == await desk.every(kind)
    assert await restored.every(Session) == []
    restored.close()


async def test_what_was_erased_since_does_not_come_back(desk: Deployment, tmp_path: Path) -> None:
    directory = _take(desk, tmp_path / "backup")
    case = await desk.one(Case, ANNS_CASE)
    await desk.eraser.erase_case(desk.organisation, ANNS_CASE)
    there = _elsewhere(desk, tmp_path / "restored")
    assert restore(directory, there, KEYED, now=NOON).erasures == 1
    restored = await _read(there, desk)
    assert case.key_id not in restored.keys.all_ids()
    assert ANNS_CASE not in cells(there.data)
    assert [one.id for one in await restored.every(Case)] == [BENS_CASE]
    assert verify_journal(there.data, KEYED) == []
    restored.close()


async def test_an_erased_member_does_not_come_back_either(small_desk: Deployment, tmp_path: Path) -> None:
    desk = small_desk
    directory = _take(desk, tmp_path / "backup")
    member = await desk.one(Member, ANN)
    await desk.eraser.erase_member(desk.organisation, ANN)
    there = _elsewhere(desk, tmp_path / "restored")
    restore(directory, there, KEYED, now=NOON)
    restored = await _read(there, desk)
    assert member.key_id not in restored.keys.all_ids()
    assert not {ANN, ANNS_CASE, "account-ann", "line", "request-ann"} & cells(there.data)
    restored.close()


async def test_an_erasure_only_begun_is_carried_through_by_the_restore(
    small_desk: Deployment, tmp_path: Path
) -> None:
    desk = small_desk
    directory = _take(desk, tmp_path / "backup")
    case = await desk.one(Case, ANNS_CASE)
    desk.ledger.begin(desk.organisation, ErasureKind.CASE, ANNS_CASE, [], NOON)
    there = _elsewhere(desk, tmp_path / "restored")
    restore(directory, there, KEYED, now=NOON)
    restored = await _read(there, desk)
    assert case.key_id not in restored.keys.all_ids()
    assert ANNS_CASE not in cells(there.data)
    assert restored.ledger.unfinished() == []
    restored.close()


async def test_without_its_whole_ledger_nothing_comes_back(small_desk: Deployment, tmp_path: Path) -> None:
    desk = small_desk
    await desk.eraser.erase_case(desk.organisation, ANNS_CASE)
    directory = _take(desk, tmp_path / "backup")
    there = _elsewhere(desk, tmp_path / "restored")
    with pytest.raises(NoLedger):
        restore(directory, Places(there.data, there.keys, f"sqlite:///{tmp_path}/none.db"), KEYED, now=NOON)
    other = f"sqlite:///{tmp_path}/other.db"
    ErasureLedger(other).close()
    with pytest.raises(OtherLedger):
        restore(directory, Places(there.data, there.keys, other), KEYED, now=NOON)
    assert not list((tmp_path / "restored").iterdir())


async def test_a_keyring_that_cannot_open_it_is_refused_before_anything_is_loaded(
    small_desk: Deployment, tmp_path: Path
) -> None:
    directory = _take(small_desk, tmp_path / "backup")
    there = _elsewhere(small_desk, tmp_path / "restored")
    masters = read_manifest(directory).masters
    assert masters == tuple(key.id for key in KEYRING.keys)
    for fingerprint, held in (("another", masters), (KEYRING.fingerprint, ("another",))):
        with pytest.raises(OtherKeyring):
            restore(directory, there, KEYED, now=NOON, keyring=fingerprint, masters=held)
    assert not list((tmp_path / "restored").iterdir())
    restore(directory, there, KEYED, now=NOON, keyring=KEYRING.fingerprint, masters=masters)


def test_addresses_with_passwords_are_not_shown() -> None:
    assert "secret" not in repr(Places("postgresql://desk:secret@db/data", "secret", "secret"))


async def test_a_restore_cut_short_stays_closed(
    small_desk: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = small_desk
    directory = _take(desk, tmp_path / "backup")
    await desk.eraser.erase_case(desk.organisation, ANNS_CASE)
    there = _elsewhere(desk, tmp_path / "restored")

    def crash(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("trim_bot.storage.backup.restore.erase_rows", crash)
    with pytest.raises(RuntimeError):
        restore(directory, there, KEYED, now=NOON)
    monkeypatch.undo()
    assert restore_pending(there.data)
    with pytest.raises(BackupRefused):
        backup(there, tmp_path / "another", KEYED, now=NOON, erase_days=30)
    with pytest.raises(NotEmpty):
        restore(directory, there, KEYED, now=NOON)


async def test_a_restored_journal_that_does_not_hold_stays_closed(
    small_desk: Deployment, tmp_path: Path
) -> None:
    desk = small_desk
    engine = durable_engine(desk.places.data)
    with write_transaction(engine) as connection:
        connection.execute(update(journal).where(journal.c.seq == 2).values(what="other"))
    engine.dispose()
    directory = _take(desk, tmp_path / "backup")
    there = _elsewhere(desk, tmp_path / "restored")
    (fault,) = restore(directory, there, KEYED, now=NOON).faults
    assert (fault.seq, fault.kind) == (2, ChainFaultKind.BROKEN)
    assert restore_pending(there.data)


async def test_a_restore_never_goes_over_data(small_desk: Deployment, tmp_path: Path) -> None:
    directory = _take(small_desk, tmp_path / "backup")
    with pytest.raises(NotEmpty):
        restore(directory, small_desk.places, KEYED, now=NOON)
    assert not restore_pending(small_desk.places.data)


async def test_the_manifest_says_how_long_the_keys_may_live(small_desk: Deployment, tmp_path: Path) -> None:
    directory = tmp_path / "backup"
    told = backup(small_desk.places, directory, KEYED, now=NOON, erase_days=30)
    assert told == read_manifest(directory)
    assert told.delete_keys_by == NOON + timedelta(days=30)
    assert told.data.rows["support_case"] == 2
    assert told.keys.rows["data_keys"] == len(small_desk.keys.all_ids())
    assert told.ledger_id == small_desk.ledger.id
    assert sorted(path.name for path in directory.iterdir()) == [
        "data.jsonl.gz",
        "keys.jsonl.gz",
        "manifest.json",
    ]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (directory, *directory.iterdir()))


async def test_neither_file_alone_says_what_a_person_wrote(small_desk: Deployment, tmp_path: Path) -> None:
    directory = _take(small_desk, tmp_path / "backup")
    data = gzip.decompress((directory / "data.jsonl.gz").read_bytes())
    keys = gzip.decompress((directory / "keys.jsonl.gz").read_bytes())
    assert WORDS.encode() not in data + keys
    assert b"slack:T" not in data + keys
    assert b"wrapped" not in data


async def test_a_backup_is_never_written_over(small_desk: Deployment, tmp_path: Path) -> None:
    directory = _take(small_desk, tmp_path / "backup")
    before = read_manifest(directory)
    with pytest.raises(BackupRefused):
        backup(small_desk.places, directory, KEYED, now=NOON, erase_days=30)
    assert read_manifest(directory) == before


@pytest.mark.parametrize("name", ["data.jsonl.gz", "keys.jsonl.gz", "manifest.json"])
async def test_a_damaged_backup_is_refused(small_desk: Deployment, tmp_path: Path, name: str) -> None:
    directory = _take(small_desk, tmp_path / "backup")
    file = directory / name
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(BackupBroken):
        restore(directory, _elsewhere(small_desk, tmp_path / "restored"), KEYED, now=NOON)
    file.unlink()
    with pytest.raises(BackupBroken):
        read_manifest(directory)


async def test_a_backup_of_another_schema_is_refused(small_desk: Deployment, tmp_path: Path) -> None:
    directory = _take(small_desk, tmp_path / "backup")
    path = directory / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": "0000"}))
    # Its proof of where it was made is another too, which would say that somebody made it up.
    with pytest.raises(BackupBroken, match="belongs to another version"):
        restore(directory, _elsewhere(small_desk, tmp_path / "restored"), KEYED, now=NOON)


async def test_a_database_behind_this_version_is_not_backed_up(tmp_path: Path) -> None:
    places = sqlite_places(tmp_path)
    sqlite3.connect(tmp_path / "data.db").close()
    assert pending(places.data)
    with pytest.raises(BackupRefused):
        backup(places, tmp_path / "backup", KEYED, now=NOON, erase_days=30)


async def test_the_backup_can_be_taken_while_the_desk_writes(small_desk: Deployment, tmp_path: Path) -> None:
    engine = durable_engine(small_desk.places.data)
    with write_transaction(engine) as connection:
        rows = connection.execute(select(journal)).all()
        _take(small_desk, tmp_path / "backup")
    engine.dispose()
    assert read_manifest(tmp_path / "backup").data.rows["journal"] == len(rows)


async def test_a_backup_of_other_stores_is_refused_whatever_ledger_it_names(
    small_desk: Deployment, tmp_path: Path
) -> None:
    small_desk.ledger.note_fact(IDENTITY, "ours")
    directory = _take(small_desk, tmp_path / "backup")
    made = replace(read_manifest(directory), identity="theirs")
    path = directory / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"identity": "theirs"}))
    with pytest.raises(BackupBroken):
        restore(directory, _elsewhere(small_desk, tmp_path / "changed"), KEYED, now=NOON)
    path.write_text(
        json.dumps(json.loads(path.read_text()) | {"identity": "theirs", "mac": made.keyed(KEYED)})
    )
    there = _elsewhere(small_desk, tmp_path / "restored")
    with pytest.raises(OtherLedger):
        restore(directory, there, KEYED, now=NOON)
    assert not list((tmp_path / "restored").iterdir())
