"""What the timer does with backups: two halves apart, also when it is cut short, key files gone on their day, and the
ledger copied."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

SCRIPT = ROOT / "deploy" / "backups" / "keep_backups.py"
OLD = f"{datetime.now(UTC) - timedelta(days=3):%Y%m%d}T000000Z"
NEWER = f"{datetime.now(UTC) - timedelta(days=2):%Y%m%d}T000000Z"
FAKE = """\
#!{python}
import json, os, signal, sys
fails, folder = os.environ.get("FAILS"), sys.argv[-1]
if sys.argv[1:3] == ["ledger", "copy"]:
    open(os.path.join(folder, "trim_bot_ledger.db"), "w").write("of now")
    sys.exit(4 if fails == "ledger" else 0)
if fails == "yes":
    sys.exit(3)
os.mkdir(folder, 0o700)
for name in ("data.jsonl.gz", "keys.jsonl.gz"):
    open(os.path.join(folder, name), "w").write(name)
json.dump({{"delete_keys_by": "2999-01-01T00:00:00.000000+00:00"}}, open(os.path.join(folder, "manifest.json"), "w"))
if fails == "parent":
    signal.alarm(20)
    os.kill(os.getppid(), signal.SIGTERM)
    signal.pause()
if fails == "apart":
    os.unlink(os.path.join(folder, "manifest.json"))
"""


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """Two folders for the halves, and a stand-in for the program."""
    for one in ("data", "keys"):
        (tmp_path / one).mkdir()
    program = tmp_path / "program"
    program.write_text(FAKE.format(python=sys.executable))
    program.chmod(0o755)
    return tmp_path


def kept(places: Path, which: str, name: str, manifest: str = "") -> Path:
    """A backup that was made before."""
    folder = places / which / name
    folder.mkdir()
    (folder / "manifest.json").write_text(
        manifest or json.dumps({"delete_keys_by": f"{datetime.now(UTC) + timedelta(days=9)}"})
    )
    return folder


def run(places: Path, *more: str, fails: str = "", code: int = 0) -> str:
    """Run the script; what it said."""
    words = [
        "--program",
        str(places / "program"),
        "--data",
        str(places / "data"),
        "--keys",
        str(places / "keys"),
        *more,
    ]
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *words],
        env={"FAILS": fails},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def files(places: Path, which: str) -> list[list[str]]:
    """What each backup of a place holds."""
    return [sorted(one.name for one in folder.iterdir()) for folder in sorted((places / which).iterdir())]


def test_the_halves_are_kept_apart_and_private(places: Path) -> None:
    run(places)
    assert files(places, "data") == [["data.jsonl.gz", "manifest.json"]]
    assert files(places, "keys") == [["keys.jsonl.gz", "manifest.json"]]
    [keys] = (places / "keys").iterdir()
    assert {one.stat().st_mode & 0o777 for one in keys.iterdir()} == {0o600}
    assert keys.stat().st_mode & 0o777 == 0o700


def test_a_key_file_goes_on_its_day_even_when_no_backup_can_be_made(places: Path) -> None:
    past = kept(places, "keys", OLD, json.dumps({"delete_keys_by": "2025-01-30T00:00:00+00:00"}))
    ahead = kept(places, "keys", NEWER)
    data = kept(places, "data", OLD)
    assert "No backup was made" in run(places, fails="yes", code=3)
    assert (past.exists(), ahead.exists(), data.exists()) == (False, True, True)
    assert files(places, "data") == [["manifest.json"]]


def test_the_newest_stay(places: Path) -> None:
    for which in ("data", "keys"):
        for name in (OLD, NEWER):
            kept(places, which, name)
    run(places, "--keep", "2")
    for which in ("data", "keys"):
        names = sorted(one.name for one in (places / which).iterdir())
        assert len(names) == 2 and names[0] == NEWER


@pytest.mark.parametrize("manifest", ["{", "[]", '{"delete_keys_by": 7}', '{"delete_keys_by": "2025-01-30"}'])
def test_what_cannot_be_read_is_left_alone_and_named(places: Path, manifest: str) -> None:
    doubtful = kept(places, "keys", OLD, manifest)
    assert str(doubtful) in run(places, code=1)
    assert doubtful.exists()


def test_nothing_else_is_touched(places: Path) -> None:
    elsewhere = places / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "manifest.json").write_text(json.dumps({"delete_keys_by": "2025-01-30T00:00:00+00:00"}))
    (places / "keys" / OLD).symlink_to(elsewhere)
    own = kept(places, "keys", "before-the-move", json.dumps({"delete_keys_by": "2025-01-30T00:00:00+00:00"}))
    run(places, "--keep", "1")
    assert own.exists() and (elsewhere / "manifest.json").exists() and (places / "keys" / OLD).is_symlink()


def mixed(places: Path, name: str = OLD) -> Path:
    """What a run left that was killed: data, keys and manifest together."""
    draft = places / "data" / f".new-{name}"
    draft.mkdir()
    for file in ("data.jsonl.gz", "keys.jsonl.gz", "manifest.json"):
        (draft / file).write_text(file)
    return draft


def everything(places: Path) -> list[str]:
    """Each file of both places, whatever its folder is called."""
    return sorted(
        f"{which}/{one.name}" for which in ("data", "keys") for one in (places / which).rglob("*.*z")
    )


@pytest.mark.parametrize(("fails", "code"), [("apart", 1), ("parent", 128 + signal.SIGTERM)])
def test_cut_short_it_leaves_nothing_together_and_ends_with_a_fault(
    places: Path, fails: str, code: int
) -> None:
    run(places, fails=fails, code=code)
    assert [one for which in ("data", "keys") for one in (places / which).iterdir()] == []


@pytest.mark.parametrize("half_way", ["data alone", "keys begun", "keys apart"])
def test_what_a_killed_run_left_is_destroyed_first(places: Path, half_way: str) -> None:
    draft = mixed(places)
    if half_way == "keys begun":
        (places / "keys" / draft.name).mkdir()
    if half_way == "keys apart":
        kept(places, "keys", OLD)
    said = run(places, fails="yes", code=3)
    assert f"Destroyed {draft}" in said
    assert [one for which in ("data", "keys") for one in (places / which).iterdir()] == []
    run(places)
    assert everything(places) == ["data/data.jsonl.gz", "keys/keys.jsonl.gz"]


def test_a_link_that_is_called_like_a_draft_is_not_followed(places: Path) -> None:
    elsewhere = places / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "theirs").touch()
    (places / "data" / f".new-{OLD}").symlink_to(elsewhere)
    run(places)
    assert (elsewhere / "theirs").exists()


@pytest.mark.parametrize(("newest", "says"), [("29990101T000000Z", "later"), ("20250101T000000Z", "30 days")])
def test_no_key_file_goes_by_a_clock_that_is_not_believed(places: Path, newest: str, says: str) -> None:
    past = kept(
        places, "keys", "20241231T000000Z", json.dumps({"delete_keys_by": "2025-01-30T00:00:00+00:00"})
    )
    kept(places, "data", newest)
    said = run(places, code=1)
    assert says in said and "No key file was deleted" in said
    assert past.exists() and len(everything(places)) == 2


def test_the_one_just_made_stays_where_others_are_stamped_ahead(places: Path) -> None:
    ahead = [kept(places, which, f"2999010{n}T000000Z") for n in (1, 2, 3) for which in ("data", "keys")]
    said = run(places, "--keep", "2", code=1)
    assert everything(places) == ["data/data.jsonl.gz", "keys/keys.jsonl.gz"]
    assert all(one.exists() and f"{one} is stamped ahead" in said for one in ahead)


@pytest.mark.parametrize(("fails", "code"), [("", 0), ("yes", 3), ("ledger", 4)])
def test_the_ledger_is_copied_after_each_backup(places: Path, fails: str, code: int) -> None:
    said = run(places, "--ledger", str(places / "ledger"), fails=fails, code=code)
    assert (places / "ledger" / "trim_bot_ledger.db").read_text() == "of now"
    assert (places / "ledger").stat().st_mode & 0o777 == 0o700
    assert ("The ledger was not copied" in said) is (fails == "ledger")


def test_every_way_copies_the_ledger_and_says_to_carry_it_off() -> None:
    ways = ("deploy/systemd/trim-bot-backup.service", "deploy/container/compose.yaml")
    pages = tuple(f"docs/deploy/{one}.md" for one in ("kubernetes", "procfile"))
    assert [one for one in (*ways, *pages) if "--ledger" not in (ROOT / one).read_text()] == []
    pages += tuple(f"docs/deploy/{one}.md" for one in ("systemd", "container"))
    assert [one for one in pages if "arry " not in (ROOT / one).read_text()] == []
    assert "/var/backups/trim-bot/ledger " in (ROOT / "deploy/systemd/trim-bot.tmpfiles.conf").read_text()
