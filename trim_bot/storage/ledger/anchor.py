"""Keeps the ledger's head outside the ledger, so that an older copy of it is not taken for the newest one."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from trim_bot.domain.errors import SafeError
from trim_bot.storage.ledger.chain import ChainPoint, LedgerHead

_LONGEST = 1_000_000
"""Bytes after which a file begins anew with its newest line; only that one counts."""
_TAIL = 4096
_PATIENCE = 1.0
"""Seconds for which a line waits for another process: one that was stopped meanwhile must not hold up everybody."""
_TURN_SECONDS = 0.01


class AnchorUnreadable(SafeError):
    """The anchor is there and cannot be read or written."""

    def __init__(self) -> None:
        super().__init__("The anchor of the ledger cannot be read or written. Check ANCHOR_URL")


class LedgerAnchor(Protocol):
    """A place outside all three stores that keeps the newest head. Lines are added, never changed."""

    def append(self, head: LedgerHead, *, anew: bool = False) -> None:
        """Keep a head as the newest; durable when this returns. Raises `AnchorUnreadable`.

        One that another process has gone past meanwhile is left out. `anew` keeps it whatever stands there.
        """
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

    def append(self, head: LedgerHead, *, anew: bool = False) -> None:
        """Add a line, flushed to disk with its folder. Processes add theirs one after another."""
        try:
            self._append(head, anew=anew)
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
        newest = next(_heads(text), None)
        if newest is None and text.strip():
            raise AnchorUnreadable
        return newest

    def _append(self, head: LedgerHead, *, anew: bool) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = not self.path.exists()
        handle = self._alone()
        try:
            text = _tail(self.path)
            known = next(_heads(text), None)
            if not anew and known is not None and _is_ahead(known, head):
                return
            if os.fstat(handle).st_size > _LONGEST:
                self._begin_anew(_told(head))
                return
            # A line that was cut short ends here, so that this one stands alone.
            os.write(handle, _told(head) if not text or text.endswith(b"\n") else b"\n" + _told(head))
            os.fsync(handle)
        finally:
            os.close(handle)
        if fresh:
            _sync_folder(self.path)

    def _alone(self) -> int:
        """The file, open and locked: until it is closed no other process adds to it or puts a new one in its place.

        Raises `BlockingIOError` where another process keeps it longer than `_PATIENCE`.
        """
        until = time.monotonic() + _PATIENCE
        while True:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                _lock(handle, until)
                if os.path.samestat(os.fstat(handle), self.path.stat()):
                    return handle
            except FileNotFoundError:
                pass
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)

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


def _lock(handle: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise
            time.sleep(_TURN_SECONDS)
        else:
            return


def _told(head: LedgerHead) -> bytes:
    told = {
        "ledger": head.ledger,
        "erasures": [head.erasures.n, head.erasures.digest],
        "takings": [head.revocations.n, head.revocations.digest],
    }
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"


def _read(line: bytes) -> LedgerHead | None:
    try:
        told = json.loads(line)
        (erased, first), (taken, second) = told["erasures"], told["takings"]
        return LedgerHead(
            str(told["ledger"]), ChainPoint(int(erased), str(first)), ChainPoint(int(taken), str(second))
        )
    except (ValueError, KeyError, TypeError):
        return None


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        return file.read()


def _heads(text: bytes) -> Iterator[LedgerHead]:
    """The heads of whole lines, the newest first."""
    return (head for line in reversed(text.split(b"\n")) if (head := _read(line)) is not None)


def _is_ahead(known: LedgerHead, head: LedgerHead) -> bool:
    """Whether the same ledger has grown past a head; both chains only ever grow."""
    grown = known.erasures.n >= head.erasures.n and known.revocations.n >= head.revocations.n
    return known.ledger == head.ledger and known != head and grown


def _sync_folder(path: Path) -> None:
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
