"""What the store says when it refuses, and the cause of a database's error; never a value from a record."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from trim_bot.domain.errors import SafeError, StoreTrouble, StoreUnavailable


class RecordExists(SafeError):
    """Something with this id, or this place in the chain, is already kept."""

    text = "This is already kept"


class NoSuchRecord(SafeError):
    """There is nothing with this id to replace."""

    text = "There is nothing here to replace"


class NotStorable(SafeError):
    """A record does not have the shape that its type promises, or a stored one cannot be read."""

    text = "This record does not have the right shape"


class NotSearchable(SafeError):
    """A search named a field that is sealed or does not exist. Field names are ours, so they may be shown."""

    def __init__(self, field: str) -> None:
        super().__init__(f"Records cannot be found by {field}")


class WorkspaceTaken(SafeError):
    """The chat workspace already belongs to another organisation."""

    text = "This workspace belongs to another organisation"


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
    "42501": StoreTrouble.REFUSED,
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
    if _was_not_let_in(reason):
        return StoreTrouble.NOT_LET_IN
    return _POSTGRESQL.get(str(getattr(reason, "sqlstate", "")), StoreTrouble.AWAY)


def _was_not_let_in(reason: BaseException | None) -> bool:
    """Whether a server asked for the password and ended the attempt to connect; its text may be in any language."""
    # Only what an attempt to connect raises carries the attempt.
    return bool(getattr(getattr(reason, "pgconn", None), "used_password", False))


def trouble_of_sqlite(error: sqlite3.Error) -> StoreTrouble:
    """The cause of an error of SQLite; the lowest byte of its code is the kind, the rest tells more of it."""
    code = getattr(error, "sqlite_errorcode", 0)
    return _SQLITE.get(code) or _SQLITE.get(code & 0xFF, StoreTrouble.AWAY)


def trouble_of_system(error: OSError) -> StoreTrouble:
    """The cause of a refusal of the operating system; `AWAY` where it does not say."""
    return _SYSTEM.get(error.errno or 0, StoreTrouble.AWAY)


class OtherKeyring(SafeError):
    """The keys in the store were made with another keyring than the one at hand."""

    text = "The stored keys belong to another keyring"


class OtherMaster(OtherKeyring):
    """Some keys in the store are wrapped under a master key that the keyring at hand does not hold."""

    text = "Some stored keys need a master key that this keyring does not hold"


class MasterChanged(StoreUnavailable):
    """Another process rotated the keyring: nothing was kept, and the keyring must be read again."""


class OlderKeyStore(SafeError):
    """The key store lacks tables of this version, and whoever opens it may make none."""

    text = "The key store belongs to an earlier version. Run trim-bot migrate"


FIND_LEDGER = (
    "Point LEDGER_URL to the newest one: look where the desk ran before, on other disks, and for the last "
    "trim-bot ledger copy"
)
LEDGER_LOST = (
    "Only if the newest is truly lost, trim-bot restore DIR --anchor-lost takes an older one; "
    "for what is kept now, make DIR with trim-bot backup DIR --as-is"
)


class OtherLedger(SafeError):
    """This is not the ledger that belongs to the data, or lines of it are missing."""

    text = f"This is not the whole erasure ledger of this data. {FIND_LEDGER}. {LEDGER_LOST}"


class OlderLedger(OtherLedger):
    """The anchor knows lines that this ledger does not hold: it is an older copy of itself."""

    text = (
        f"The anchor at ANCHOR_URL knows more lines than this erasure ledger: it is an older copy. {FIND_LEDGER}. "
        f"{LEDGER_LOST}"
    )


class OtherAnchor(OlderLedger):
    """The anchor tells of another ledger than this one."""

    text = (
        "The anchor at ANCHOR_URL is of another erasure ledger than the one at LEDGER_URL. Look at both addresses. "
        "If that file was begun by another desk, move it aside: a desk that knows its ledger writes a new one. "
        "A restore needs the anchor of this ledger, or --anchor-lost if it is truly lost"
    )


class MovedLedger(OtherLedger):
    """The ledger was moved away from here, and goes on elsewhere."""

    def __init__(self, place: str) -> None:
        """`place` is its new address, without a password."""
        super().__init__(f"The erasure ledger was moved away from this address. Set LEDGER_URL to {place}")
