"""Keeps the ledger's head outside the ledger, so that an older copy of it is not taken for the newest one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Protocol

from trim_bot.domain.errors import SafeError
from trim_bot.storage.ledger_chain import LedgerHead, Link

_LONGEST = 1_000_000
"""Bytes after which a file begins anew with its newest line; only that one counts."""
_TAIL = 4096


class AnchorUnreadable(SafeError):
    """The anchor is there and cannot be read or written."""

    def __init__(self) -> None:
        super().__init__("The anchor of the ledger cannot be read or written. Check ANCHOR_URL")


class Anchor(Protocol):
    """A place outside all three stores that keeps the newest head. Lines are added, never changed."""

    def append(self, head: LedgerHead) -> None:
        """Keep a head as the newest; durable when this returns. Raises `AnchorUnreadable`."""
        ...

    def newest(self) -> LedgerHead | None:
        """The newest head, or None where none was ever kept. Raises `AnchorUnreadable`."""
        ...


class FileAnchor:
    """An anchor in a file of the owner's alone: one line of JSON for each head, the newest last.

    A line cut short by a crash does not count; the one before it does, which is older by one at most.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, head: LedgerHead) -> None:
        """Add a line, flushed to disk with its folder."""
        try:
            self._append(_told(head))
        except OSError:
            raise AnchorUnreadable from None

    def newest(self) -> LedgerHead | None:
        """The last line that is whole."""
        try:
            text = _tail(self.path)
        except FileNotFoundError:
            return None
        except OSError:
            raise AnchorUnreadable from None
        heads = [head for line in reversed(text.split(b"\n")) if (head := _read(line)) is not None]
        if not heads:
            if text.strip():
                raise AnchorUnreadable
            return None
        return heads[0]

    def _append(self, line: bytes) -> None:
        if self.path.exists() and self.path.stat().st_size > _LONGEST:
            self._begin_anew(line)
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = not self.path.exists()
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # A line that was cut short ends here, so that this one stands alone.
            os.write(handle, line if fresh or _ends_well(self.path) else b"\n" + line)
            os.fsync(handle)
        finally:
            os.close(handle)
        if fresh:
            _sync_folder(self.path)

    def _begin_anew(self, line: bytes) -> None:
        fresh = self.path.with_name(f"{self.path.name}.new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)
        fresh.replace(self.path)
        _sync_folder(self.path)


def _told(head: LedgerHead) -> bytes:
    told = {
        "ledger": head.ledger,
        "erasures": [head.erasures.n, head.erasures.digest],
        "takings": [head.takings.n, head.takings.digest],
    }
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"


def _read(line: bytes) -> LedgerHead | None:
    try:
        told = json.loads(line)
        (erased, first), (taken, second) = told["erasures"], told["takings"]
        return LedgerHead(str(told["ledger"]), Link(int(erased), str(first)), Link(int(taken), str(second)))
    except (ValueError, KeyError, TypeError):
        return None


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        return file.read()


def _ends_well(path: Path) -> bool:
    text = _tail(path)
    return not text or text.endswith(b"\n")


def _sync_folder(path: Path) -> None:
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
