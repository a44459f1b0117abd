"""A folder of the owner's alone for copies of keys that are not to stay, and the way they are destroyed."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from trim_bot.domain.errors import SafeError

FULL = (errno.ENOSPC, errno.EDQUOT)
"""What a disk without room answers."""
_PREFIX = "trim-bot-drill-"
_LOCK = ".lock"
_ZEROS = bytes(1 << 20)


class FolderUnusable(SafeError):
    """Copies of keys go where they were wished, or nowhere."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"TMPDIR is set to {folder}, which is no folder that can be written. Nothing was copied. Make it, or set "
            "TMPDIR to another"
        )


class PrivateFolder:
    """A new folder where TMPDIR says. What a process that was killed left there is destroyed first.

    Raises OSError, FolderUnusable.
    """

    def __init__(self) -> None:
        destroy_left()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_where()))
        self._handle = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def destroy(self) -> None:
        """Overwrite all that is in it and take it away. Raises OSError."""
        os.close(self._handle)
        destroy(self.path)


def destroy(folder: Path) -> None:
    """Write zeros over every file of a folder, and take it away. Raises OSError."""
    empty(folder)
    # The lock last: without it nobody could tell later what was left.
    shutil.rmtree(folder)


def empty(folder: Path) -> None:
    """Write zeros over every file of a folder, and take all out of it but the lock. Raises OSError."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            _blank(path)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != _LOCK:
            path.unlink()


def size_of(folder: Path) -> int:
    """Bytes of all files in it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _blank(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        for start in range(0, size, len(_ZEROS)):
            file.write(_ZEROS[: min(len(_ZEROS), size - start)])
        file.flush()
        os.fsync(file.fileno())


def _where() -> Path:
    named = os.environ.get("TMPDIR", "")
    if not named:
        return Path(tempfile.gettempdir())
    # Python would take another folder without a word: one on a disk that keeps old blocks, perhaps.
    if not os.path.isdir(named) or not os.access(named, os.W_OK | os.X_OK):
        raise FolderUnusable(Path(named).absolute())
    return Path(named).absolute()


def left_folders() -> list[Path]:
    """Folders whose process is gone: nobody holds their lock any more. Raises FolderUnusable."""
    found = []
    for folder in sorted(_where().glob(f"{_PREFIX}*")):
        with suppress(OSError):
            # One that fails is somebody else's, in use, or gone meanwhile.
            if not folder.is_symlink() and folder.stat().st_uid == os.geteuid() and _is_let_go(folder):
                found.append(folder)
    return found


def destroy_left() -> None:
    """Destroy what killed processes left. Raises OSError, FolderUnusable."""
    for folder in left_folders():
        destroy(folder)


def _is_let_go(folder: Path) -> bool:
    handle = os.open(folder / _LOCK, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(handle)
    return True
