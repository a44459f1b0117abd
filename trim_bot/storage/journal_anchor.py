"""Where the last link of every journal is kept outside the stores, as the desk goes on, so that a cut-off end shows."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

from trim_bot.storage.journal import Head
from trim_bot.storage.journal_check import Heads
from trim_bot.storage.ledger.anchor import AnchorUnreadable

_LONGEST = 4_000_000
"""Bytes after which a file begins anew with its newest line; only that one counts."""


class JournalAnchor:
    """A file of the owner's alone beside the anchor of the ledger: a line of JSON each time, the newest last."""

    def __init__(self, ledgers: Path) -> None:
        """`ledgers` is the file that anchors the ledger."""
        self.path = ledgers.with_name(f"{ledgers.name}.journal")

    def newest(self) -> Heads | None:
        """The heads of the last whole line, or None where none was ever kept. Raises `AnchorUnreadable`."""
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raise AnchorUnreadable from None
        for line in reversed(text.split(b"\n")):
            if (heads := _read(line)) is not None:
                return heads
        if text.strip():
            raise AnchorUnreadable
        return None

    def append(self, heads: Heads, *, anew: bool = False) -> None:
        """Keep these heads, durable when this returns; one that another process has gone past meanwhile stays.

        `anew` keeps them whatever stands there. Raises `AnchorUnreadable`.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                self._append(handle, heads, anew=anew)
            finally:
                os.close(handle)
        except OSError:
            raise AnchorUnreadable from None

    def _append(self, handle: int, heads: Heads, *, anew: bool) -> None:
        known = {} if anew else dict(self.newest() or {})
        line = _told(
            {**known, **{one: head for one, head in heads.items() if anew or _is_newer(head, known.get(one))}}
        )
        size = os.fstat(handle).st_size
        if size > _LONGEST:
            os.ftruncate(handle, 0)
        elif size and os.pread(handle, 1, size - 1) != b"\n":
            # A line that was cut short ends here, so that this one stands alone.
            line = b"\n" + line
        os.write(handle, line)
        os.fsync(handle)


def _is_newer(head: Head, known: Head | None) -> bool:
    return known is None or head.seq > known.seq


def _told(heads: Heads) -> bytes:
    told = {one: [head.seq, head.digest] for one, head in sorted(heads.items())}
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"


def _read(line: bytes) -> Heads | None:
    try:
        return {str(one): Head(int(seq), str(digest)) for one, (seq, digest) in json.loads(line).items()}
    except (ValueError, TypeError, AttributeError):
        return None
