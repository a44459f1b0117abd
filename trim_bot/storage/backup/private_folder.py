"""A folder of the owner's alone for copies of keys that are not to stay, and the way they are destroyed."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "trim-bot-drill-"
_LOCK = ".lock"
_ZEROS = bytes(1 << 20)


class PrivateFolder:
    """A new folder where TMPDIR says. What a process that was killed left there is destroyed first. Raises OSError."""

    def __init__(self) -> None:
        _destroy_left()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_where()))
        self._handle = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def destroy(self) -> None:
        """Overwrite all that is in it and take it away. Raises OSError."""
        os.close(self._handle)
        destroy(self.path)


def destroy(folder: Path) -> None:
    """Write zeros over every file of a folder, and take it away. Raises OSError."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            _blank(path)
    shutil.rmtree(folder)


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
    return Path(tempfile.gettempdir())


def _destroy_left() -> None:
    """Folders whose process is gone: nobody holds their lock any more."""
    for folder in _where().glob(f"{_PREFIX}*"):
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                continue
            handle = os.open(folder / _LOCK, os.O_RDWR)
        except OSError:
            # Somebody else's, or gone meanwhile.
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        finally:
            os.close(handle)
        destroy(folder)
