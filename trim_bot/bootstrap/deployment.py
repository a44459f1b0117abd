"""Opens what a deployment is made of, in an order that harms nothing: one file, since all is closed together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from trim_bot.app.clock.clocks import ClockCheck, MovableClock, RealClock, TimeWatch, real_now
from trim_bot.app.people.sessions import Sessions
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.seam.ports import Clock
from trim_bot.app.workspaces.founding import Founder
from trim_bot.bootstrap.process_log import tell
from trim_bot.bootstrap.readiness import Closed, fault_of_data
from trim_bot.bootstrap.store_opening import (
    OpeningMode,
    StoreLocks,
    check_clock,
    check_keys,
    known_journals,
    masters_of,
    open_key_store,
    open_ledger,
    prepare_data,
    sign_once,
    take_locks,
)
from trim_bot.crypto.boot_clock import since_boot, this_boot
from trim_bot.crypto.errors import KeyringMissing
from trim_bot.crypto.keyring import Keyring, Pseudonyms
from trim_bot.crypto.keyring_places import load_keyring
from trim_bot.crypto.tokens import SealedTokens
from trim_bot.crypto.vault import Vault
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.locale.crisis_numbers import numbers_for
from trim_bot.settings.environment import NO_KEYRING, Settings
from trim_bot.settings.store_addresses import places_of
from trim_bot.storage.consistency.check import StoreConsistency
from trim_bot.storage.deployment_notes import Notes
from trim_bot.storage.erasure.eraser import Eraser
from trim_bot.storage.journal_anchor import JournalAnchor
from trim_bot.storage.journal_check import Heads
from trim_bot.storage.journal_doubts import JournalDoubts
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.ledger.anchor import AnchorUnreadable, FileAnchor
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.migrations.rewriting import empty_log
from trim_bot.storage.store import BUSY_SECONDS, SqlStore
from trim_bot.storage.sweeps.retention import RetentionSweep
from trim_bot.storage.sweeps.revocation_sweep import KeySweep

COMMAND_BUSY_SECONDS = 15.0
"""How long a command waits for a running desk to let it write; the desk itself waits far shorter."""


@dataclass(slots=True)
class Settled:
    """How often keys had been used here when a generation was begun last."""

    uses: int = 0
    heads: Heads = field(default_factory=dict)
    """How far the journals were when that was noted outside last."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """Everything that is kept, opened. Must be closed."""

    settings: Settings
    changes: bool
    """Whether it was opened to change anything."""
    keyring: Keyring
    users: StoreLocks
    key_store: SqlKeyStore
    ledger: ErasureLedger
    vault: Vault
    tokens: SealedTokens
    store: SqlStore
    notes: Notes
    clock: Clock
    sessions: Sessions
    eraser: Eraser
    retention: RetentionSweep
    consistency: StoreConsistency
    key_sweep: KeySweep
    settled: Settled
    keyed: Pseudonyms
    journals: JournalAnchor
    """Keeps the last link of every journal outside the stores."""
    doubts: JournalDoubts
    """Keeps outside the stores which journals were once not whole."""
    clock_check: ClockCheck
    time: TimeWatch
    """Hears every clock there is; adapters tell it what their platforms say."""

    @property
    def founder(self) -> Founder:
        """Makes organisations here."""
        return Founder(self.store, self.clock, numbers_for, greets_at_once=self.settings.manual_clock)

    @property
    def masters(self) -> list[str]:
        """The ids of the keyring's master keys, oldest first."""
        return masters_of(self.keyring)

    async def settle(self) -> None:
        """Begin a new generation if keys were taken or destroyed here since the last. Raises StoresMismatched."""
        uses = self.vault.uses
        if uses != self.settled.uses:
            await self.consistency.advance()
            self.settled.uses = uses
        await asyncio.to_thread(self.anchor_journals)

    def anchor_journals(self) -> None:
        """Note outside how far every journal has come that this process knows of, where it has grown."""
        heads = self.store.journal_heads()
        if not heads or heads == self.settled.heads:
            return
        self.settled.heads = heads
        try:
            self.journals.append(heads)
        except AnchorUnreadable as error:
            # Nobody is kept from what they wish for it; it is tried again as the journal grows.
            tell(LogEvent.ANCHOR, error)

    def close(self) -> None:
        """Finish what is being written, give unused keys back, and let go of every connection."""
        self.store.close()
        if self.changes:
            self.anchor_journals()
        # Without an answer they stay marked as taken, and the sweep sees to them.
        with suppress(StoreUnavailable):
            self.vault.release()
        self.ledger.close()
        self.key_store.close()
        self.users.close()


def keyring_of(settings: Settings) -> Keyring:
    """The keyring, read or opened by a service. Raises KeyringMissing, KeyringError."""
    if settings.trim_bot_keyring in ("", NO_KEYRING):
        raise KeyringMissing("TRIM_BOT_KEYRING is not set")
    return load_keyring(settings.trim_bot_keyring)


def _keep_doubt(doubts: JournalDoubts, organisation: str, seq: int) -> None:
    """Keep outside that a journal is not whole."""
    try:
        doubts.note(organisation, seq)
    except AnchorUnreadable as error:
        tell(LogEvent.ANCHOR, error)


async def open_deployment(
    settings: Settings, *, busy_seconds: float | None = None, opening: OpeningMode = OpeningMode.FOUND
) -> Deployment:
    """Open everything. To found, an empty database is given its tables; one of another version is refused.

    `busy_seconds` is how long a write waits for another process. Raises CryptoError, OtherKeyring, OtherLedger,
    AnchorUnreadable, Closed, StoreUnavailable. Without the right keyring nothing is made or changed.
    """
    keyring = await asyncio.to_thread(keyring_of, settings)
    places = places_of(settings)
    closing: list[Callable[[], None]] = []
    try:
        prepare_data(places, opening)
        users = StoreLocks(places, alone=opening is OpeningMode.ALONE)
        closing.append(users.close)
        if opening is not OpeningMode.LOOK:
            take_locks(users)
        key_store = open_key_store(places.keys, keyring, opening)
        closing.append(key_store.close)
        if (fault := fault_of_data(places.data)) is not None:
            raise Closed(fault)
        vault, keyed = Vault(keyring, key_store), Pseudonyms(keyring)
        store = SqlStore(places.data, vault, keyed, busy_seconds=busy_seconds or BUSY_SECONDS)
        closing.append(store.close)
        journals = JournalAnchor(settings.anchor_file)
        known = await known_journals(journals, store, places, changes=opening is not OpeningMode.LOOK)
        store.expect(known)
        notes = Notes(store)
        await check_keys(store, key_store, places)
        await check_clock(store, notes, manual=settings.manual_clock)
        # Before the ledger is opened, which the data then remembers.
        await StoreConsistency(store, key_store, None).check()
        anchor = FileAnchor(settings.anchor_file)
        ledger = await open_ledger(places.ledger, anchor, notes, changes=opening is not OpeningMode.LOOK)
        closing.append(ledger.close)
        consistency = StoreConsistency(store, key_store, ledger)
        await consistency.check()
        if opening is not OpeningMode.LOOK:
            await consistency.adopt(real_now())
        clock: Clock = await MovableClock.kept(notes) if settings.manual_clock else RealClock()
        store.openings.alarm = lambda organisation: tell(LogEvent.KEYS_HELD, about=organisation)
        store.keep_revocations(ledger.revocations, clock)
        await sign_once(
            store, key_store, ledger, keyed, clock, known, changes=opening is not OpeningMode.LOOK
        )
        doubts = JournalDoubts(settings.anchor_file)
        if opening is not OpeningMode.LOOK:
            store.doubted = partial(_keep_doubt, doubts)
    except BaseException:
        for close in reversed(closing):
            close()
        raise

    def empty_logs() -> None:
        for url in (places.data, places.keys):
            empty_log(url)

    eraser = Eraser(store, ledger, vault, clock, empty_logs)
    watch = TimeWatch(real_now, since_boot, tell)
    clock_check = ClockCheck(store, notes, watch, this_boot)
    key_sweep = KeySweep(store, key_store, consistency)
    return Deployment(
        settings=settings,
        changes=opening is not OpeningMode.LOOK,
        keyring=keyring,
        users=users,
        key_store=key_store,
        ledger=ledger,
        vault=vault,
        tokens=SealedTokens(keyring),
        store=store,
        notes=notes,
        clock=clock,
        sessions=Sessions(store, clock),
        eraser=eraser,
        retention=RetentionSweep(store, eraser, key_sweep, clock, clock_check.believed),
        consistency=consistency,
        key_sweep=key_sweep,
        settled=Settled(),
        keyed=keyed,
        journals=journals,
        doubts=doubts,
        clock_check=clock_check,
        time=watch,
    )
