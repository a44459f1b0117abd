"""What the timer does with backups: two halves apart, key files gone on their day, and nothing else ever deleted."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

SCRIPT = ROOT / "deploy" / "backups" / "keep_backups.py"
OLD = "20250101T000000Z"
NEWER = "20250102T000000Z"
FAKE = """\
#!{python}
import json, os, sys
folder = sys.argv[2]
if os.environ.get("FAILS"):
    sys.exit(3)
os.mkdir(folder, 0o700)
for name in ("data.jsonl.gz", "keys.jsonl.gz"):
    open(os.path.join(folder, name), "w").write(name)
json.dump({{"delete_keys_by": "2999-01-01T00:00:00.000000+00:00"}}, open(os.path.join(folder, "manifest.json"), "w"))
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
