"""Tells a database file that is open from whatever lies in its place now: what goes into a deleted file is lost."""

from __future__ import annotations

from sqlalchemy import Engine

from trim_bot.domain.errors import StoreUnavailable
from trim_bot.storage.small_stores import sqlite_file


class OpenFile:
    """The file behind an engine, as it was when this was made; nothing is asked of a server."""

    def __init__(self, engine: Engine) -> None:
        self._path = sqlite_file(engine)
        self._was = self._now()

    def must_be_there(self) -> None:
        """Check that the same file is still at its path. Raises `StoreUnavailable`."""
        if self._now() != self._was:
            raise StoreUnavailable

    def _now(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
