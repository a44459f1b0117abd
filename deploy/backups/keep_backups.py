"""Takes one backup, keeps its two halves apart, and deletes key files on their day: for a timer, or for cron.

It needs nothing but Python. A folder that it cannot read as a backup is left alone and named, and it ends with 1.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

DATA_FILE = "data.jsonl.gz"
KEYS_FILE = "keys.jsonl.gz"
MANIFEST_FILE = "manifest.json"
STAMP = re.compile(r"\d{8}T\d{6}Z")
"""What a folder of this program is called: the moment it was begun, in UTC. Nothing else is ever deleted."""


def main(words: list[str]) -> int:
    """Delete what has passed its day, take a backup, and keep the newest. Ends as the backup does, or with 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--program", default="trim-bot", help="the trim-bot to call")
    parser.add_argument("--data", type=Path, required=True, help="where the data files go")
    parser.add_argument("--keys", type=Path, required=True, help="where the key files go, apart from them")
    parser.add_argument("--keep", type=int, default=14, help="how many of the newest stay")
    asked = parser.parse_args(words)
    if asked.keep < 1:
        parser.error("--keep must be 1 or more")
    now = datetime.now(UTC)
    for place in (asked.data, asked.keys):
        place.mkdir(mode=0o700, exist_ok=True)
    # First, and whatever becomes of the backup: on its day a key file goes.
    whole = delete_outlived(asked.keys, now)
    ended = take(asked.program, asked.data, asked.keys, now)
    if ended:
        print("No backup was made; nothing but key files past their day was deleted.", file=sys.stderr)
        return ended
    keep_newest(asked.data, asked.keep)
    keep_newest(asked.keys, asked.keep)
    return 0 if whole else 1


def take(program: str, data: Path, keys: Path, now: datetime) -> int:
    """One backup, its key file moved to `keys` with a copy of the manifest. The exit code of the command."""
    name = f"{now:%Y%m%dT%H%M%SZ}"
    draft = data / f".new-{name}"
    done = subprocess.run([program, "backup", str(draft)], check=False)  # noqa: S603 (the administrator names it)
    if done.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        return done.returncode
    half = keys / f".new-{name}"
    half.mkdir(mode=0o700)
    for file in (KEYS_FILE, MANIFEST_FILE):
        _copy(draft / file, half / file)
    half.rename(keys / name)
    (draft / KEYS_FILE).unlink()
    draft.rename(data / name)
    for folder in (keys, data):
        _flush(folder)
    print(f"Kept {name}: the data in {data}, its keys in {keys}.")
    return 0


def delete_outlived(keys: Path, now: datetime) -> bool:
    """Delete each key file whose manifest names a day that has come. Whether every folder could be read."""
    whole = True
    for folder in backups(keys):
        day = _delete_by(folder)
        if day is None:
            print(f"{folder} is no backup that can be read: look at it yourself.", file=sys.stderr)
            whole = False
        elif day <= now:
            shutil.rmtree(folder)
            print(f"Deleted {folder}: its day was {day:%Y-%m-%d}.")
    return whole


def keep_newest(place: Path, count: int) -> None:
    """Delete all but the newest `count` in a place."""
    for folder in backups(place)[:-count]:
        if (folder / MANIFEST_FILE).is_file():
            shutil.rmtree(folder)
            print(f"Deleted {folder}: {count} newer ones are kept.")


def backups(place: Path) -> list[Path]:
    """The folders of backups, the oldest first. A link is never followed."""
    return sorted(
        one for one in place.iterdir() if STAMP.fullmatch(one.name) and one.is_dir() and not one.is_symlink()
    )


def _delete_by(folder: Path) -> datetime | None:
    try:
        said = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        day = datetime.fromisoformat(said["delete_keys_by"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return day if day.tzinfo is not None else None


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("xb") as write:
        os.fchmod(write.fileno(), 0o600)
        shutil.copyfileobj(read, write)
        write.flush()
        os.fsync(write.fileno())


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
