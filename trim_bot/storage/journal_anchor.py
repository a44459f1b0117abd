"""Where the last link of every journal is kept outside the stores, as the desk goes on, so that a cut-off end shows."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from trim_bot.storage.journal import Head
from trim_bot.storage.journal_check import Heads
from trim_bot.storage.ledger.anchor import AnchorUnreadable, alone, begin_anew, sync_folder

_LONGEST = 4_000_000
"""Bytes after which a file begins anew with its newest line; only that one counts."""


@dataclass(frozen=True, slots=True)
class _AnchoredHeads:
    """One line: the heads, and after how many restores."""

    restores: int
    heads: Heads


class JournalAnchor:
    """A file of the owner's alone beside the anchor of the ledger: a line of JSON each time, the newest last."""

    def __init__(self, ledgers: Path) -> None:
        """`ledgers` is the file that anchors the ledger."""
        self.path = ledgers.with_name(f"{ledgers.name}.journal")
        self.restores = 0
        """How often the data was restored, as its journal says: what was noted before the last time counts no more."""

    def newest(self) -> Heads | None:
        """The heads of the last whole line, or None where none counts. Raises `AnchorUnreadable`."""
        last = self._last()
        return last.heads if last is not None and last.restores >= self.restores else None

    @property
    def restores_known(self) -> int:
        """How many restores the last whole line knows of. Raises `AnchorUnreadable`."""
        last = self._last()
        return last.restores if last is not None else 0

    def _last(self) -> _AnchoredHeads | None:
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raise AnchorUnreadable from None
        for line in reversed(text.split(b"\n")):
            if (found := _read(line)) is not None:
                return found
        if text.strip():
            raise AnchorUnreadable
        return None

    def append(self, heads: Heads, *, anew: bool = False) -> None:
        """Keep these heads, durable when this returns; one that another process has gone past meanwhile stays.

        `anew` keeps them whatever stands there. Raises `AnchorUnreadable`.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh = not self.path.exists()
            handle = alone(self.path)
            try:
                self._append(handle, heads, anew=anew)
            finally:
                os.close(handle)
            if fresh:
                sync_folder(self.path)
        except OSError:
            raise AnchorUnreadable from None

    def _append(self, handle: int, heads: Heads, *, anew: bool) -> None:
        last = self._last()
        if not anew and last is not None and last.restores > self.restores:
            # Of data that was restored since: this process works with what was there before.
            return
        known = {} if anew else dict(self.newest() or {})
        newer = {one: head for one, head in heads.items() if anew or _is_newer(head, known.get(one))}
        line = _told(_AnchoredHeads(self.restores, {**known, **newer}))
        size = os.fstat(handle).st_size
        if size > _LONGEST:
            begin_anew(self.path, line)
            return
        if size and os.pread(handle, 1, size - 1) != b"\n":
            # A line that was cut short ends here, so that this one stands alone.
            line = b"\n" + line
        os.write(handle, line)
        os.fsync(handle)


def _is_newer(head: Head, known: Head | None) -> bool:
    return known is None or head.seq > known.seq


def _told(line: _AnchoredHeads) -> bytes:
    heads = {one: [head.seq, head.digest] for one, head in sorted(line.heads.items())}
    return json.dumps({"restores": line.restores, "heads": heads}, separators=(",", ":")).encode() + b"\n"


def _read(line: bytes) -> _AnchoredHeads | None:
    try:
        told = json.loads(line)
        heads = {str(one): Head(int(seq), str(digest)) for one, (seq, digest) in told["heads"].items()}
        return _AnchoredHeads(int(told["restores"]), heads)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
