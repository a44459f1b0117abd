"""Keeps outside the stores that a journal was once not whole, so that nobody makes it good in silence."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from trim_bot.storage.ledger.anchor import AnchorUnreadable


class JournalDoubts:
    """A file of the owner's alone beside the anchors: a line of JSON for each journal that was not whole."""

    def __init__(self, ledgers: Path) -> None:
        """`ledgers` is the file that anchors the ledger."""
        self.path = ledgers.with_name(f"{ledgers.name}.journal.doubt")

    def noted(self) -> Mapping[str, int]:
        """The journals that were found not to be whole since `forget`, with the first row that did not fit.

        Raises `AnchorUnreadable`.
        """
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return {}
        except OSError:
            raise AnchorUnreadable from None
        found: dict[str, int] = {}
        for line in lines:
            organisation, seq = _read(line)
            found.setdefault(organisation, seq)
        return found

    def note(self, organisation: str, seq: int) -> None:
        """Keep that a journal is not whole from its row `seq`, durable when this returns. Raises `AnchorUnreadable`."""
        if organisation in self.noted():
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, json.dumps([organisation, seq]).encode() + b"\n")
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError:
            raise AnchorUnreadable from None

    def forget(self) -> None:
        """Somebody has looked, and said that what is kept counts. Raises `AnchorUnreadable`."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            raise AnchorUnreadable from None


def _read(line: bytes) -> tuple[str, int]:
    try:
        organisation, seq = json.loads(line)
        return str(organisation), int(seq)
    except (ValueError, TypeError):
        # A line that was cut short counts as well: something was about to be said.
        return "", 1
