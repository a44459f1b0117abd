"""Opens each store only where that harms nothing: one file, since who works with it now is asked before
whose it is.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import Enum

from trim_bot.app.clock.clocks import PRACTICE_NOTE
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.seam.ports import Clock
from trim_bot.app.watch.not_ready import NotReady
from trim_bot.bootstrap.process_log import tell
from trim_bot.bootstrap.readiness import WORDS, Closed
from trim_bot.crypto.keyring import Keyring, Pseudonyms
from trim_bot.domain.errors import SafeError, StoreUnavailable
from trim_bot.domain.ids import OrganisationId
from trim_bot.settings.environment import Settings
from trim_bot.settings.missing_stores import key_store_missing, missing_words, nothing_kept
from trim_bot.settings.store_addresses import places_of, sqlite_path
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.consistency.identity import IDENTITY, holds_keys
from trim_bot.storage.database_roles import StoreKind, grant, logins_beside
from trim_bot.storage.database_state import OF_THE_DATABASE, fact
from trim_bot.storage.deployment_notes import Notes, is_new_database
from trim_bot.storage.errors import OlderKeyStore, OtherKeyring, OtherLedger, trouble_of_system
from trim_bot.storage.journal_anchor import JournalAnchor
from trim_bot.storage.journal_check import Heads
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.ledger.anchor import LedgerAnchor
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.ledger_tables import NOTE_IN_DATA
from trim_bot.storage.ledger.removed import removed_from
from trim_bot.storage.migrate import migrate
from trim_bot.storage.row_security import of, see
from trim_bot.storage.signing import (
    MARK,
    bind_ledger,
    mark_signed,
    restores_of,
    sign_everything,
    was_signed,
)
from trim_bot.storage.small_stores import NoStore, durable_engine, read_transaction, write_transaction
from trim_bot.storage.store import SqlStore
from trim_bot.storage.usage_lock import InUse, UsageLock


class OpeningMode(Enum):
    """What opening a deployment may make or change."""

    FOUND = "found"
    """Make what is not there: for a desk that starts, and for `migrate`."""
    USE = "use"
    """Work with what is there, and make no store."""
    ALONE = "alone"
    """The same, and nobody else may work with it meanwhile."""
    LOOK = "look"
    """Change nothing at all."""


async def open_ledger(url: str, anchor: LedgerAnchor, notes: Notes, *, changes: bool = True) -> ErasureLedger:
    """The ledger of this data; made only where the data has never had one, and never without `changes`.

    An anchor that is behind by a crash, or was never written, is brought up to it. Raises Closed when the ledger is
    not at this address, OtherLedger when another is or lines are missing, OlderLedger when the anchor knows more
    lines, AnchorUnreadable, StoreUnavailable.
    """
    held = await notes.get(NOTE_IN_DATA)
    try:
        ledger = ErasureLedger(url, create=held is None and changes, anchor=anchor, changes=changes)
    except NoStore:
        missing = f"{missing_words('LEDGER_URL', url)} {WORDS[NotReady.LEDGER_MISSING]}"
        raise Closed(NotReady.LEDGER_MISSING, missing) from None
    try:
        if held is not None:
            known = json.loads(held)
            ledger.must_be(str(known["id"]), int(known["lines"]))
        elif ledger.fact(IDENTITY) not in (None, await notes.get(IDENTITY)):
            # Another desk's: this data must not remember it as its own.
            raise OtherLedger
        if changes:
            await asyncio.to_thread(ledger.keep_anchor)
            await note_lines(ledger, notes)
        else:
            await asyncio.to_thread(ledger.anchored)
    except BaseException:
        ledger.close()
        raise
    return ledger


async def note_lines(ledger: ErasureLedger, notes: Notes) -> None:
    """Keep how many lines the ledger has now, if they have grown, and mend its anchor, or say that it stays behind.

    Raises StoreUnavailable, and what `ErasureLedger.anchored` raises.
    """
    if ledger.anchor_behind:
        await asyncio.to_thread(ledger.keep_anchor)
        if ledger.anchor_behind:
            tell(LogEvent.ANCHOR)
    await bind_ledger(notes.store, ledger)
    lines = await asyncio.to_thread(ledger.lines)
    held = await notes.get(NOTE_IN_DATA)
    if held is None or int(json.loads(held)["lines"]) < lines:
        await notes.put(NOTE_IN_DATA, json.dumps({"id": ledger.id, "lines": lines}))


@dataclass(frozen=True, slots=True)
class KnownLedger:
    """What the data knows of its ledger: its id, and how many lines it was seen to have."""

    id: str
    lines: int


def remembered_ledger(url: str) -> KnownLedger | None:
    """The ledger that the data at this address was opened with; None for none. Raises StoreUnavailable."""
    engine = durable_engine(url)
    try:
        with read_transaction(engine) as connection:
            see(connection, of(OF_THE_DATABASE))
            held = fact(connection, NOTE_IN_DATA)
    finally:
        engine.dispose()
    if held is None:
        return None
    known = json.loads(held)
    return KnownLedger(str(known["id"]), int(known["lines"]))


def settle_rights(places: Places) -> None:
    """Let the other logins of a deployment on PostgreSQL work with its key store and ledger, made where they are not.

    A ledger that the data remembers is never made anew. A single login is left as it is. Raises StoreUnavailable.
    """
    for kind, url in ((StoreKind.KEYS, places.keys), (StoreKind.LEDGER, places.ledger)):
        if sqlite_path(url) is not None:
            continue
        engine = durable_engine(url)
        try:
            with read_transaction(engine) as connection:
                logins = logins_beside(connection)
            if len(logins) == 1:
                continue
            if kind is StoreKind.KEYS:
                SqlKeyStore(url).close()
            elif remembered_ledger(places.data) is None:
                ErasureLedger(url).close()
            with write_transaction(engine) as connection:
                grant(connection, kind, logins)
        finally:
            engine.dispose()


async def sign_once(
    store: SqlStore,
    key_store: SqlKeyStore,
    ledger: ErasureLedger,
    keyed: Pseudonyms,
    clock: Clock,
    known: Heads,
    *,
    changes: bool,
) -> None:
    """Bind what a desk of an earlier version kept, at the first start with its keyring and never again.

    From then on a row that nobody signed never counts. Without `changes` it is left for a start that may.
    """
    if was_signed(key_store, ledger, known):
        return
    if not changes:
        store.enforced = False
        return
    roles = await sign_everything(store, key_store, keyed, clock.now())
    await asyncio.to_thread(mark_signed, key_store, ledger)
    if roles:
        tell(LogEvent.SIGNED, about=f"{roles} roles")


async def known_journals(journals: JournalAnchor, store: SqlStore, places: Places, *, changes: bool) -> Heads:
    """What the anchor knows of the journals here. Where nothing was ever kept it is of another desk, and begins anew.

    With anything left of key store, ledger or journal it counts, whatever is missing. Raises AnchorUnreadable,
    StoreUnavailable.
    """
    journals.restores = await restores_of(store)
    known = await asyncio.to_thread(journals.newest) or {}
    if not known or await asyncio.to_thread(_were_kept, places):
        return known
    for one in ("", *known):
        if (await store.journal_head(OrganisationId(one))).seq:
            return known
    if changes:
        await asyncio.to_thread(journals.append, {}, anew=True)
    return {}


def _were_kept(places: Places) -> bool:
    """Whether there is a key, or a ledger that knows that a journal was signed."""
    if holds_keys(places.keys):
        return True
    try:
        ledger = ErasureLedger(places.ledger, create=False, changes=False)
    except NoStore:
        return False
    try:
        return ledger.fact(MARK) is not None
    finally:
        ledger.close()


def masters_of(keyring: Keyring) -> list[str]:
    """The ids of a keyring's master keys, oldest first; the last one wraps."""
    return [key.id for key in keyring.keys]


def must_not_be_empty(places: Places) -> None:
    """Check that an empty database has no keys beside it: far more often a wrong address than a wish.

    Raises Closed, StoreUnavailable.
    """
    if is_new_database(places.data) and holds_keys(places.keys):
        raise Closed(NotReady.DATA_MISSING)


def prepare_data(places: Places, opening: OpeningMode) -> None:
    """Make the tables of a database that has none, where that may be done."""
    must_not_be_empty(places)
    if not is_new_database(places.data):
        return
    if opening is not OpeningMode.FOUND:
        raise Closed(NotReady.NOTHING_KEPT, nothing_kept(places.data))
    migrate(places.data)


async def check_keys(store: SqlStore, key_store: SqlKeyStore, places: Places) -> None:
    """An empty key store takes any keyring, so it is compared with the data; what is being removed has lost its key."""
    needed = {one.key_id: one.id for one in await store.organisations()}
    lacking = {needed[key] for key in needed.keys() - set(key_store.get(needed))}
    if lacking - (removed_from(places.ledger) if lacking else frozenset()):
        raise Closed(NotReady.KEY_STORE_WRONG)


async def check_clock(store: SqlStore, notes: Notes, *, manual: bool) -> None:
    """Data made with a clock moved by hand is marked by that clock's note, and never opened with another."""
    practised = await notes.get(PRACTICE_NOTE) is not None
    if practised is not manual and (practised or await store.organisations()):
        raise Closed(NotReady.OTHER_CLOCK)


def take_locks(users: StoreLocks) -> None:
    """While a backup is brought back, nobody else may work with the stores."""
    try:
        users.take()
    except InUse as error:
        raise error if users.alone else Closed(NotReady.RESTORE_PENDING) from None


def open_key_store(url: str, keyring: Keyring, opening: OpeningMode) -> SqlKeyStore:
    """The key store, once the keyring is shown to be its own."""
    if opening is OpeningMode.FOUND:
        key_store = SqlKeyStore(url)
    else:
        try:
            key_store = SqlKeyStore(url, create=False, changes=False)
        except NoStore:
            raise Closed(NotReady.KEY_STORE_WRONG, key_store_missing(url)) from None
        except OlderKeyStore:
            raise Closed(NotReady.MIGRATIONS_PENDING) from None
    try:
        if opening is OpeningMode.LOOK:
            if key_store.fingerprint() not in (None, keyring.fingerprint):
                raise OtherKeyring
            key_store.must_fit(masters_of(keyring))
        else:
            key_store.belongs_to(keyring.fingerprint)
            key_store.take_masters(masters_of(keyring))
    except BaseException:
        key_store.close()
        raise
    return key_store


class AnotherDesk(SafeError):
    """A desk serves from these files already."""

    text = "Another desk serves from this database already: stop it first"


class SingleProcessLock:
    """The lock of one process; on PostgreSQL any number may serve, and there is nothing to hold.

    The system lets go of it however the process ends, so that a crash never leaves it behind.
    """

    def __init__(self, settings: Settings) -> None:
        self._data = sqlite_path(places_of(settings).data)
        self._handle: int | None = None

    def take(self) -> None:
        """Hold the lock from now on; nothing happens if it is held.

        Raises AnotherDesk, and StoreUnavailable where the folder takes no lock file.
        """
        if self._data is None or self._handle is not None:
            return
        lock = self._data.with_name(f"{self._data.name}.lock")
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreUnavailable(trouble_of_system(error), str(self._data)) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise AnotherDesk from None
        self._handle = handle

    def let_go(self) -> None:
        """Let others serve."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


@contextmanager
def single_process(settings: Settings) -> Iterator[SingleProcessLock]:
    """Hold the lock while the block runs. Raises AnotherDesk.

    Where the folder takes no lock file now, it is left to the block to take the lock before it opens the desk.
    """
    lock = SingleProcessLock(settings)
    with suppress(StoreUnavailable):
        lock.take()
    try:
        yield lock
    finally:
        lock.let_go()


class StoreLocks:
    """The locks of one process that works with the stores. They lie where a restore looks for them.

    The ledger stays as it is when data and keys are emptied for a restore, so its lock is never emptied with them.
    """

    def __init__(self, places: Places, *, alone: bool = False) -> None:
        held = [places.ledger]
        if alone or sqlite_path(places.data) is None:
            held.append(places.data)
        self.alone = alone
        self._presences = [UsageLock(url, alone=alone) for url in held]

    def take(self) -> None:
        """Take all, or none. Raises InUse, StoreUnavailable."""
        try:
            for one in self._presences:
                one.take()
        except BaseException:
            self.close()
            raise

    def renew(self) -> None:
        """Take again what a server let go of. Raises InUse, StoreUnavailable."""
        for one in self._presences:
            one.renew()

    def close(self) -> None:
        """Let go of all."""
        for one in self._presences:
            one.close()


@contextmanager
def exclusive_use(settings: Settings) -> Iterator[None]:
    """Have the stores of these settings to oneself. Raises AnotherDesk, InUse, StoreUnavailable, OSError."""
    with ExitStack() as held:
        held.enter_context(single_process(settings))
        users = StoreLocks(places_of(settings), alone=True)
        users.take()
        held.callback(users.close)
        yield
