"""Takes a backup as two files of JSON lines, data and keys, never the ledger: one file, since a manifest is made and
read alike.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, MetaData

from trim_bot.domain.errors import SafeError
from trim_bot.storage import database_state as database_facts
from trim_bot.storage import tables
from trim_bot.storage.backup.dumps import dump_rows
from trim_bot.storage.backup.private_folder import FULL, destroy, empty
from trim_bot.storage.consistency.identity import IDENTITY, data_stamp
from trim_bot.storage.errors import OtherKeyring, OtherLedger, OtherMaster
from trim_bot.storage.keys import key_store, key_tables
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.known_backups import KnownBackup, forget_backup, note_backup
from trim_bot.storage.records.sealing import Pseudonyms
from trim_bot.storage.row_security import see_all_rows
from trim_bot.storage.schema_version import head, pending
from trim_bot.storage.small_stores import durable_engine, snapshot, utc_text

DATA_FILE = "data.jsonl.gz"
KEYS_FILE = "keys.jsonl.gz"
MANIFEST_FILE = "manifest.json"
T = TypeVar("T")
_FORMAT = 1

LEFT_OUT = frozenset({tables.sessions.name, tables.kept_pages.name, tables.takings_back.name})
"""Tables that are not taken: a session, link or code that ended since must not come back, nor a page that was seen in
it, and tokens of takings-back are asked for beside the ledger of that moment alone."""


class BackupRefused(SafeError):
    """A backup cannot be made here; the text says why."""


class DiskFull(BackupRefused):
    """There is no room for a backup."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        super().__init__(
            f"The disk under {directory.absolute()} is full, and nothing of this backup was left there. "
            "Make room, or give a folder on another disk"
        )


class BackupBroken(SafeError):
    """A backup is incomplete, damaged, or of another version; the text says which."""


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses (SQLite or PostgreSQL) of the data, the keys and the erasure ledger; they may hold passwords."""

    data: str = field(repr=False)
    keys: str = field(repr=False)
    ledger: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a backup: its SHA-256 in hexadecimal, and how many rows of each table it holds."""

    sha256: str
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds and needs. `delete_keys_by` is when its key file must be gone (UTC).

    `keyring` is the fingerprint of the keyring that opens its keys, and `masters` the ids of the master keys
    they need; both are empty in a backup that does not say.
    """

    made_at: datetime
    schema: str
    data: Part
    keys: Part
    ledger_id: str
    ledger_lines: int
    delete_keys_by: datetime
    keyring: str = ""
    masters: tuple[str, ...] = ()
    ledger_takings: int = 0
    """How many takings-back the ledger had named before the data was read."""
    identity: str = ""
    """Of the stores it was made from; empty in a backup that does not say, as is `generation`."""
    generation: str = ""
    mac: str = ""
    """Keyed digest of all else in it, so that nobody without the keyring can make a backup that is brought back."""

    def must_be_made_here(self, keyed: Pseudonyms) -> None:
        """Check that a desk with this keyring made it, as it is now. Raises `BackupBroken`."""
        if self.mac != self.keyed(keyed):
            raise BackupBroken("This backup was not made by this desk, or was changed since")

    def keyed(self, keyed: Pseudonyms) -> str:
        """What `mac` must be."""
        told = json.dumps(_told(replace(self, mac="")), sort_keys=True)
        return keyed.keyed("", "manifest", hashlib.sha256(told.encode()).hexdigest())

    def must_belong_to(self, ledger: ErasureLedger, *, at_least: int) -> None:
        """Check that it was made from the stores this ledger belongs to, which holds that many lines at least.

        Raises `OtherLedger`.
        """
        ledger.must_be(self.ledger_id, at_least)
        if self.identity and ledger.fact(IDENTITY) not in (None, self.identity):
            raise OtherLedger

    def must_open_with(self, keyring: str, masters: Collection[str]) -> None:
        """Check that a keyring of this fingerprint and with these master keys opens it.

        Raises `OtherKeyring`.
        """
        if self.keyring not in ("", keyring):
            raise OtherKeyring
        if not set(self.masters) <= set(masters):
            raise OtherMaster


Witness = Callable[[Connection, MetaData], None]
"""Looks at one store at the very moment that is written."""


def backup(
    places: Places,
    directory: Path,
    keyed: Pseudonyms,
    *,
    now: datetime,
    erase_days: int,
    as_is: bool = False,
    kept: bool = True,
    witness: Witness = lambda _connection, _metadata: None,
) -> Manifest:
    """Write data and keys to a new or empty `directory`, readable by its owner alone, while the desk runs.

    `as_is`: the stores are copies of different ages that nobody may open together any more. A restore then does
    again everything that the ledger names, however long ago.

    `witness` is given the same moment of each store, to look at as well. One that is not `kept` is noted nowhere.
    Where it fails, the files that it had written are overwritten and taken away.

    `now` is real time (aware); `erase_days` (1 or more) is how long the key file may live, so that an erased
    case is past reading everywhere in that time. Raises `BackupRefused`, `DiskFull`, `NoStore`, `StoreUnavailable`,
    OSError.
    """
    if erase_days < 1:
        raise BackupRefused("A backup needs at least one day to live")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise BackupRefused("Something is already in this folder")
    if pending(places.data):
        raise BackupRefused("The database must first be brought up to this version")
    if database_facts.restore_pending(places.data):
        raise BackupRefused("The database is being restored")
    with _all_or_nothing(directory):
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
        ledger = ErasureLedger(places.ledger, create=False)
        try:
            return _made(
                places,
                directory,
                keyed,
                ledger,
                now=now,
                erase_days=erase_days,
                as_is=as_is,
                kept=kept,
                witness=witness,
            )
        finally:
            ledger.close()


@contextmanager
def _all_or_nothing(directory: Path) -> Iterator[None]:
    """Leave nothing behind where a backup fails, so that the next try is not refused. Raises `DiskFull`."""
    fresh = not directory.exists()
    try:
        yield
    except BaseException as error:
        with suppress(FileNotFoundError, NotADirectoryError):
            if fresh:
                destroy(directory)
            else:
                empty(directory)
        if isinstance(error, OSError) and error.errno in FULL:
            raise DiskFull(directory) from error
        raise


def _made(
    places: Places,
    directory: Path,
    keyed: Pseudonyms,
    ledger: ErasureLedger,
    *,
    now: datetime,
    erase_days: int,
    as_is: bool,
    kept: bool,
    witness: Witness,
) -> Manifest:
    ledger_id, lines, takings = ledger.id, ledger.lines(), ledger.head().revocations.n
    if kept:
        ledger.revocations.needed_for(erase_days)
    # Data before keys: a key is always committed before what it seals, so none is missing this way round.
    data, stamp = _dump(
        places.data, tables.metadata, directory / DATA_FILE, data_stamp, witness, see_all_rows
    )
    keys, (keyring, masters) = _dump(
        places.keys, key_tables.metadata, directory / KEYS_FILE, key_store.opened_by, witness
    )
    if as_is:
        lines = takings = 0
    until = now + timedelta(days=erase_days)
    generation = stamp.generation.text if stamp.generation is not None else ""
    identity = stamp.identity or ""
    manifest = Manifest(
        now, head(), data, keys, ledger_id, lines, until, keyring, masters, takings, identity, generation
    )
    manifest = replace(manifest, mac=manifest.keyed(keyed))
    if kept:
        # Noted before it is whole, so that no backup is without its note.
        note_backup(ledger, manifest.mac, KnownBackup(now, until, tuple(masters)))
    try:
        _write_manifest(directory / MANIFEST_FILE, manifest)
    except BaseException:
        forget_backup(ledger, manifest.mac)
        raise
    return manifest


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a backup whose two files are whole and unchanged. Raises `BackupBroken`."""
    try:
        told = json.loads((directory / MANIFEST_FILE).read_text(encoding="utf-8"))
        if told["format"] != _FORMAT:
            raise BackupBroken("This backup was made by another version")
        manifest = Manifest(
            made_at=datetime.fromisoformat(told["made_at"]),
            schema=str(told["schema"]),
            data=Part(**told["data"]),
            keys=Part(**told["keys"]),
            ledger_id=str(told["ledger_id"]),
            ledger_lines=int(told["ledger_lines"]),
            delete_keys_by=datetime.fromisoformat(told["delete_keys_by"]),
            keyring=str(told.get("keyring", "")),
            masters=tuple(map(str, told.get("masters", ()))),
            ledger_takings=int(told.get("ledger_takings", 0)),
            identity=str(told.get("identity", "")),
            generation=str(told.get("generation", "")),
            mac=str(told.get("mac", "")),
        )
        whole = (
            sha256(directory / DATA_FILE) == manifest.data.sha256
            and sha256(directory / KEYS_FILE) == manifest.keys.sha256
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BackupBroken("This folder does not hold a whole backup") from error
    if not whole:
        raise BackupBroken("A file of this backup has been changed")
    return manifest


def _dump(
    url: str,
    metadata: MetaData,
    path: Path,
    also: Callable[[Connection], T],
    witness: Witness,
    begin: Callable[[Connection], None] = lambda _: None,
) -> tuple[Part, T]:
    engine = durable_engine(url, create=False)
    try:
        with snapshot(engine) as connection:
            begin(connection)
            rows = dump_rows(connection, metadata, path, leave_out=LEFT_OUT)
            seen = also(connection)
            witness(connection, metadata)
    finally:
        engine.dispose()
    _sync(path)
    return Part(sha256(path), rows), seen


def _told(manifest: Manifest) -> dict[str, object]:
    return asdict(manifest) | {
        "format": _FORMAT,
        "made_at": utc_text(manifest.made_at),
        "delete_keys_by": utc_text(manifest.delete_keys_by),
    }


def _write_manifest(path: Path, manifest: Manifest) -> None:
    told = _told(manifest)
    with path.open("x", encoding="utf-8") as file:
        json.dump(told, file, indent=2)
        file.write("\n")
    path.chmod(0o600)
    _sync(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
