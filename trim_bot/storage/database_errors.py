"""Tells from an error of a database what kind of trouble it is in, so that whoever mends it is told the cause."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from trim_bot.domain.errors import StoreTrouble

_SQLITE = {
    sqlite3.SQLITE_FULL: StoreTrouble.FULL,
    sqlite3.SQLITE_IOERR_WRITE: StoreTrouble.FULL,
    sqlite3.SQLITE_IOERR_SHMSIZE: StoreTrouble.FULL,
    sqlite3.SQLITE_READONLY: StoreTrouble.READ_ONLY,
    sqlite3.SQLITE_PERM: StoreTrouble.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: StoreTrouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: StoreTrouble.DAMAGED,
    sqlite3.SQLITE_IOERR_READ: StoreTrouble.DAMAGED,
    sqlite3.SQLITE_IOERR_SHORT_READ: StoreTrouble.DAMAGED,
    sqlite3.SQLITE_BUSY: StoreTrouble.BUSY,
    sqlite3.SQLITE_LOCKED: StoreTrouble.BUSY,
}
"""By the code of SQLite, extended first. A write that a limit or quota stops has no code of its own."""
_POSTGRESQL = {
    "53100": StoreTrouble.FULL,
    "25006": StoreTrouble.READ_ONLY,
    "XX001": StoreTrouble.DAMAGED,
    "XX002": StoreTrouble.DAMAGED,
    "55P03": StoreTrouble.BUSY,
    "57014": StoreTrouble.BUSY,
}
"""By SQLSTATE."""
_SYSTEM = {
    errno.ENOSPC: StoreTrouble.FULL,
    errno.EDQUOT: StoreTrouble.FULL,
    errno.EFBIG: StoreTrouble.FULL,
    errno.EROFS: StoreTrouble.READ_ONLY,
    errno.EACCES: StoreTrouble.READ_ONLY,
    errno.EPERM: StoreTrouble.READ_ONLY,
    errno.EIO: StoreTrouble.DAMAGED,
}


def trouble_of(error: SQLAlchemyError) -> StoreTrouble:
    """The cause of an error; `AWAY` where it does not say."""
    reason = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(reason, sqlite3.Error):
        return trouble_of_sqlite(reason)
    return _POSTGRESQL.get(str(getattr(reason, "sqlstate", "")), StoreTrouble.AWAY)


def trouble_of_sqlite(error: sqlite3.Error) -> StoreTrouble:
    """The same of SQLite's own error; the lowest byte of its code is the kind, the rest tells more of it."""
    code = getattr(error, "sqlite_errorcode", 0)
    return _SQLITE.get(code) or _SQLITE.get(code & 0xFF, StoreTrouble.AWAY)


def trouble_of_system(error: OSError) -> StoreTrouble:
    """The same of a refusal of the system."""
    return _SYSTEM.get(error.errno or 0, StoreTrouble.AWAY)
