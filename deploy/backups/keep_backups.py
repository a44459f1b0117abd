"""Takes a backup, keeps its two halves apart, copies the ledger, and deletes key files on their day: for a timer.

It needs nothing but Python. A folder that it cannot read as a backup is left alone and named, and it ends with 1.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

DATA_FILE = "data.jsonl.gz"
KEYS_FILE = "keys.jsonl.gz"
MANIFEST_FILE = "manifest.json"
FORM = "%Y%m%dT%H%M%SZ"
STAMP = re.compile(r"\d{8}T\d{6}Z")
"""What a folder of this program is called: the moment it was begun, in UTC. Nothing else is ever deleted."""
DRAFT = ".new-"
"""What stands before the stamp while a folder is being made: data and keys lie in it together."""
PLAUSIBLE = timedelta(days=30)
"""How far the clock may be past the newest backup: a month without any is more often a clock that is wrong."""


def main(words: list[str]) -> int:
    """Delete what has passed its day, take a backup, copy the ledger, and keep the newest.

    Ends as the backup does, or with 1 where something else fell short: the unit of a timer has failed then.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--program", default="trim-bot", help="the trim-bot to call")
    parser.add_argument("--data", type=Path, required=True, help="where the data files go")
    parser.add_argument("--keys", type=Path, required=True, help="where the key files go, apart from them")
    parser.add_argument("--ledger", type=Path, help="where a copy of the erasure ledger goes")
    parser.add_argument("--keep", type=int, default=14, help="how many of the newest stay")
    asked = parser.parse_args(words)
    if asked.keep < 1:
        parser.error("--keep must be 1 or more")
    # A timer that waits no longer says so first: what is half made is destroyed before it ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        for place in (asked.data, asked.keys, asked.ledger):
            if place is not None:
                place.mkdir(mode=0o700, exist_ok=True)
        return _in_turn(asked.program, asked.data, asked.keys, asked.ledger, asked.keep)
    except OSError as error:
        print(f"It was not brought to its end: {error}. What was half made is not kept.", file=sys.stderr)
        return 1


def _in_turn(program: str, data: Path, keys: Path, ledger: Path | None, keep: int) -> int:
    held = os.open(data, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"Another one is at work in {data}.", file=sys.stderr)
        return 1
    now = datetime.now(UTC)
    destroy_drafts(data, keys)
    # First, and whatever becomes of the backup: on its day a key file goes.
    if doubt := doubted((data, keys), now):
        print(f"{doubt} No key file was deleted. Look at the clock.", file=sys.stderr)
    whole = not doubt and delete_outlived(keys, now)
    ended = take(program, data, keys, now)
    if ended:
        print("No backup was made; nothing but key files past their day was deleted.", file=sys.stderr)
    # After the backup, since a restore takes no ledger that knows less than the backup does.
    copied = run(program, "ledger", "copy", str(ledger)) if ledger is not None else 0
    if copied:
        print("The ledger was not copied. Without a ledger no backup can be restored.", file=sys.stderr)
    if ended:
        return ended
    for place in (data, keys):
        whole = keep_newest(place, keep, f"{now:{FORM}}") and whole
    return copied or (0 if whole else 1)


def run(program: str, *words: str) -> int:
    """The exit code of a command of the desk."""
    return subprocess.run([program, *words], check=False).returncode  # noqa: S603 (the administrator names it)


def take(program: str, data: Path, keys: Path, now: datetime) -> int:
    """One backup, its key file moved to `keys` with a copy of the manifest. The exit code of the command.

    Cut short, it leaves nothing in which data and keys lie together. Raises OSError.
    """
    name = f"{now:{FORM}}"
    for place in (data, keys):
        if (place / name).exists():
            raise FileExistsError(f"{place / name} is there already")
    draft, half = data / f"{DRAFT}{name}", keys / f"{DRAFT}{name}"
    try:
        ended = run(program, "backup", str(draft))
        if ended:
            return ended
        half.mkdir(mode=0o700)
        for file in (KEYS_FILE, MANIFEST_FILE):
            _copy(draft / file, half / file)
        _flush(half)
        half.rename(keys / name)
        _flush(keys)
        (draft / KEYS_FILE).unlink()
        _flush(draft)
        draft.rename(data / name)
        _flush(data)
    finally:
        destroy_drafts(data, keys)
    print(f"Kept {name}: the data in {data}, its keys in {keys}.")
    return 0


def destroy_drafts(data: Path, keys: Path) -> None:
    """Destroy what was begun and never finished: in it data and keys lie together. Raises OSError."""
    for place in (data, keys):
        for folder in sorted(place.iterdir()):
            name = folder.name.removeprefix(DRAFT)
            if name == folder.name or not _is_ours(folder, name):
                continue
            if place == data and _is_ours(keys / name, name):
                # Its keys were put apart already, and nothing is left that they open.
                shutil.rmtree(keys / name)
            shutil.rmtree(folder)
            print(f"Destroyed {folder}: it was never finished.")


def doubted(places: tuple[Path, ...], now: datetime) -> str:
    """Why the clock is not believed, by the stamps of what is kept. Nothing where it may be right."""
    stamps = [_when(folder.name) for place in places for folder in backups(place)]
    if not stamps or max(stamps) <= now <= max(stamps) + PLAUSIBLE:
        return ""
    how = "which is later" if now < max(stamps) else f"more than {PLAUSIBLE.days} days before"
    return f"The clock says {now:%Y-%m-%d %H:%M}, and the newest backup is of {max(stamps):%Y-%m-%d %H:%M}, {how}."


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


def keep_newest(place: Path, count: int, made: str) -> bool:
    """Delete all but the newest `count` in a place, up to the one just made. Whether none is stamped ahead of it."""
    there = backups(place)
    for folder in [one for one in there if one.name <= made][:-count]:
        if (folder / MANIFEST_FILE).is_file():
            shutil.rmtree(folder)
            print(f"Deleted {folder}: {count} newer ones are kept.")
    ahead = [one for one in there if one.name > made]
    for folder in ahead:
        print(
            f"{folder} is stamped ahead of the clock and is not counted. Move it elsewhere.", file=sys.stderr
        )
    return not ahead


def backups(place: Path) -> list[Path]:
    """The folders of backups, the oldest first. A link is never followed."""
    return sorted(one for one in place.iterdir() if _is_ours(one, one.name))


def _is_ours(folder: Path, name: str) -> bool:
    if not STAMP.fullmatch(name) or folder.is_symlink() or not folder.is_dir():
        return False
    try:
        _when(name)
    except ValueError:
        return False
    return True


def _when(name: str) -> datetime:
    return datetime.strptime(name, FORM).replace(tzinfo=UTC)


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
