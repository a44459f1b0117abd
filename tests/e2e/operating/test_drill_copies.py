"""Copies that a drill or a backup makes: where they go, and what is said of those that stay: one file, since all of it
looks at the same folder.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.e2e.operating.conftest import Place
from tests.e2e.operating.test_drill import fails, settled_at
from trim_bot.cli import serve as serving
from trim_bot.diagnosis import drill as drilling
from trim_bot.diagnosis.drill import Drill
from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.storage.backup import private_folder, taking_backup
from trim_bot.storage.backup.private_folder import PrivateFolder, destroy
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.known_backups import known_backups


@pytest.fixture
def settled(place: Place) -> Place:
    """A desk with people on SQLite."""
    return settled_at(place)


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where TMPDIR says that copies are made."""
    folder = tmp_path_factory.mktemp("copies")
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_a_full_disk_under_a_copy_names_the_folder_of_the_copies(
    settled: Place, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_directory: Path, places: Places, *_: object, **_more: object) -> None:
        raise StoreUnavailable(StoreTrouble.FULL, places.data.removeprefix("sqlite:///"))

    def no_room(*_: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    for where, put, step in ((drilling, "restore", "restore"), (taking_backup, "dump_rows", "backup")):
        with monkeypatch.context() as patched:
            patched.setattr(where, put, full if step == "restore" else no_room)
            told = fails(settled, step, f"The disk under TMPDIR ({temporary}) is full")
            assert told["folder"] == str(temporary)


@pytest.mark.parametrize("named", ["nowhere", "file"])
def test_a_wrong_tmpdir_is_refused_and_named(
    settled: Place, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settled.folder / "file").touch()
    monkeypatch.setenv("TMPDIR", str(settled.folder / named))
    assert f"TMPDIR is set to {settled.folder / named}" in settled.run("drill", code=3)
    assert f"TMPDIR is set to {settled.folder / named}" in settled.run("doctor")
    monkeypatch.setenv("TMPDIR", str(settled.folder))
    assert f"The copies were made in {settled.folder}." in settled.run("drill")


def test_copies_that_cannot_be_taken_away_are_named_and_the_backup_that_stays(
    settled: Place, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(errno.EIO, "no")

    for words in ((), ("--keep", "kept")):
        with monkeypatch.context() as patched:
            patched.setattr(private_folder, "_blank", fails)
            told = settled.json("drill", *words, code=1)
        [left] = temporary.iterdir()
        assert (told["failed"], told["left"]) == ("destroy", [str(left)])
        assert f"delete {left} by hand" in told["next"]
        assert told["kept"] == (words[1] if words else None)
        destroy(left)


def test_a_killed_drill_counts_as_no_backup_and_what_it_left_is_named_and_destroyed(
    settled: Place, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_self: Drill, folder: PrivateFolder, **_: object) -> None:
        os.close(folder._handle)

    with monkeypatch.context() as patched:
        patched.setattr(Drill, "_destroy", killed)
        settled.run("drill")
    [left] = temporary.iterdir()
    ledger = ErasureLedger(settled.settings().ledger_url.get_secret_value(), create=False)
    assert known_backups(ledger) == []
    ledger.close()
    assert f"left copies of keys in {left}" in settled.run("doctor")
    assert left.exists()
    monkeypatch.setattr(serving, "listening", lambda *_: pytest.fail("served"))
    monkeypatch.setattr(serving, "single_process", lambda *_: pytest.fail("served"))
    with pytest.raises(pytest.fail.Exception):
        serving.serve()
    assert not left.exists()
    settled.run("keys", "rotate", "--yes")
    settled.run("keys", "rotate", "--retire", "--yes")


@pytest.mark.parametrize("there", [False, True])
def test_a_backup_onto_a_full_disk_leaves_nothing_and_is_made_the_next_time(
    settled: Place, *, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if there:
        Path("kept").mkdir()

    def full(path: Path, _manifest: object) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(taking_backup, "_write_manifest", full)
        said = settled.run("backup", "kept", code=3)
    assert f"The disk under {settled.folder / 'kept'} is full" in said
    assert (list(Path("kept").iterdir()) == []) if there else not Path("kept").exists()
    settled.run("keys", "rotate", "--yes")
    settled.run("keys", "rotate", "--retire", "--yes")
    settled.run("backup", "kept")
