"""Rehearses a restore while the desk runs: a backup is brought back beside, compared, read and destroyed: one file,
since each step needs what the one before it made.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from trim_bot.app.watch.not_ready_words import trouble_words
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.bootstrap.for_commands import replay
from trim_bot.bootstrap.process_log import described
from trim_bot.bootstrap.readiness import store_of, words_of
from trim_bot.bootstrap.store_opening import OpeningMode, masters_of, remembered_ledger
from trim_bot.crypto.keyring import Keyring, Pseudonyms
from trim_bot.diagnosis.drill_report import DrillReport, DrillStep, StepDone
from trim_bot.domain.errors import SafeError, StoreTrouble, StoreUnavailable
from trim_bot.domain.key_use import KeyUse, keys_for
from trim_bot.settings.environment import Settings
from trim_bot.settings.store_addresses import beside, places_of
from trim_bot.storage.backup.comparing import SumsTaken, sums_at, unlike
from trim_bot.storage.backup.private_folder import FULL, PrivateFolder, destroy, size_of
from trim_bot.storage.backup.restore import AnchorMissing, Restored, restore
from trim_bot.storage.backup.taking_backup import KEYS_FILE, DiskFull, Manifest, backup
from trim_bot.storage.consistency.check import keys_lacking
from trim_bot.storage.consistency.identity import StoresMismatched
from trim_bot.storage.consistency.reading_all import read_every_record
from trim_bot.storage.journal_anchor import JournalAnchor
from trim_bot.storage.journal_check import OF_ROWS, ChainFaultKind, verify_journal
from trim_bot.storage.keys.key_tables import data_keys
from trim_bot.storage.ledger.anchor import FileAnchor, LedgerHead
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.ledger.known_backups import forget_backup
from trim_bot.storage.ledger.ledger_copies import copy_ledger
from trim_bot.storage.signing import ledger_faults


class DrillFault(SafeError):
    """Something did not come back as it should; the text says what, and nothing of what is kept."""


class _Stopped(Exception):
    """A step failed, and is noted as such."""


class Drill:
    """One rehearsal. The desk's own stores stay as they are; a backup that is kept is noted in the ledger."""

    def __init__(self, settings: Settings, keyring: Keyring, now: Callable[[], datetime]) -> None:
        self.report = DrillReport()
        self._settings = settings
        self._places = places_of(settings)
        self._keyring = keyring
        self._keyed = Pseudonyms(keyring)
        self._now = now
        self._before = SumsTaken()
        self._manifest: Manifest | None = None
        self._ours: Path | None = None
        self._folder = Path()

    def run(self, *, erase_days: int, keep: Path | None = None) -> DrillReport:
        """Go through all steps and stop at the first that fails. No copy is left then, nor where it is interrupted.

        The backup stays at `keep` where nothing failed. `erase_days` is as `backup` takes it. Raises OSError and
        FolderUnusable where no folder can be made.
        """
        folder = PrivateFolder()
        self._folder, self.report.folder = folder.path, str(folder.path.parent)
        try:
            self._rehearse(folder.path, keep, erase_days)
            if self.report.failed is not None:
                keep = None
        except _Stopped:
            keep = None
        except BaseException:
            keep = None
            raise
        finally:
            with suppress(_Stopped):
                self._destroy(folder, keep=keep)
        return self.report

    def _rehearse(self, folder: Path, keep: Path | None, erase_days: int) -> None:
        there = beside(self._settings, folder)
        directory = folder / "backup" if keep is None else keep
        self._back_up(directory, erase_days, kept=keep is not None)
        self._copy_ledger(there)
        restored = self._bring_back(directory, there)
        self._verify(restored, there)
        with self._step(DrillStep.READ) as done, keys_for(KeyUse.RESTORE):
            asyncio.run(self._read(there, restored))
            opened = sum(kind.opened for kind in self.report.kinds.values())
            done.said = f"{opened} records of {len(self.report.kinds)} kinds open"
        self.report.restored_bytes = size_of(folder)

    def _back_up(self, directory: Path, erase_days: int, *, kept: bool) -> None:
        with self._step(DrillStep.BACKUP) as done:
            if not directory.exists() or not any(directory.iterdir()):
                self._ours = directory
            self._manifest = made = backup(
                self._places,
                directory,
                self._keyed,
                now=self._now(),
                erase_days=erase_days,
                kept=kept,
                witness=self._before.take,
            )
            self.report.rows = sum(made.data.rows.values())
            self.report.backup_bytes = size_of(directory)
            done.said = f"{self.report.rows} rows and {made.keys.rows.get(data_keys.name, 0)} keys"

    def _copy_ledger(self, there: Settings) -> None:
        with self._step(DrillStep.LEDGER) as done:
            # Both before the copy, which may only be further on.
            known, remembered = (
                FileAnchor(self._settings.anchor_file).newest(),
                remembered_ledger(self._places.data),
            )
            if known is None:
                raise AnchorMissing
            copy = places_of(there).ledger
            head: LedgerHead = copy_ledger(self._places.ledger, copy).head
            FileAnchor(there.anchor_file).append(known)
            held = ErasureLedger(copy, create=False, anchor=FileAnchor(there.anchor_file))
            try:
                held.anchored()
                if remembered is not None:
                    held.must_be(remembered.id, remembered.lines)
            finally:
                held.close()
            self.report.erasure_lines, self.report.takings_back = head.erasures.n, head.revocations.n
            done.said = f"{head.erasures.n + head.revocations.n} lines, chain and anchor agree"

    def _bring_back(self, directory: Path, there: Settings) -> Restored:
        places, keyring = places_of(there), self._keyring
        compared = StepDone(DrillStep.COMPARE)
        with self._step(DrillStep.RESTORE) as done:

            def compare(gone: Collection[str]) -> None:
                began, done.step = time.monotonic(), DrillStep.COMPARE
                before = self._before.without_keys(directory / KEYS_FILE, gone)
                if found := unlike(before, sums_at(places)):
                    raise DrillFault(f"What came back is not what was kept: {'; '.join(found)}")
                compared.seconds, done.step = time.monotonic() - began, DrillStep.RESTORE
                compared.said = f"every row of {len(before)} tables is as it was"
                self.report.tables = len(before)

            restored = restore(
                directory,
                places,
                self._keyed,
                now=self._now(),
                journals=JournalAnchor(there.anchor_file),
                keyring=keyring.fingerprint,
                masters=masters_of(keyring),
                anchor=FileAnchor(there.anchor_file),
                loaded=compare,
                replay=lambda ledger, after: asyncio.run(replay(there, keyring, ledger, after, self._now())),
            )
            self.report.erased_again = restored.erasures
            left_out = sum(map(len, restored.again.unreadable.values()))
            done.said = (
                f"{sum(restored.rows.values())} rows into SQLite files, {restored.erasures} erasures again"
                + (f", {left_out} records left out that cannot be read" if left_out else "")
            )
        done.seconds -= compared.seconds
        self.report.steps.append(compared)
        return restored

    def _verify(self, restored: Restored, there: Settings) -> None:
        with self._step(DrillStep.JOURNAL) as done:
            places = places_of(there)
            faults = [*restored.faults, *restored.unlike]
            if not faults:
                held = ErasureLedger(places.ledger, create=False, changes=False)
                try:
                    known = JournalAnchor(there.anchor_file).newest()
                    faults = verify_journal(places.data, self._keyed, anchor=known)
                    faults += ledger_faults(places.data, self._keyed, held)
                finally:
                    held.close()
                # What fitted and did not open was bound no more by the restore; the next step tells of it.
                left_out = restored.again.unreadable
                faults = [
                    one
                    for one in faults
                    if one.kind is not ChainFaultKind.ROW or one.count != len(left_out.get(one.table, ()))
                ]
            if faults:
                kinds = ", ".join(sorted({one.table or one.kind.value for one in faults}))
                said = f"The journal does not hold in {len(faults)} places: {kinds}"
                if any(one.kind not in OF_ROWS for one in faults):
                    raise DrillFault(said)
                # Rows that do not fit stop none of the others from being read.
                done.failed, done.said = True, f"{said}."
                return
            done.said = "every chain is whole, and so is all that it binds"

    async def _read(self, there: Settings, restored: Restored) -> None:
        deployment = await open_deployment(there, opening=OpeningMode.LOOK)
        try:
            erased = {key for one in deployment.ledger.erasures() for key in one.key_ids}
            self.report.organisations = len(await deployment.store.organisations())
            lacking = await keys_lacking(deployment.store, deployment.key_store, erased)
            self.report.kinds = (await read_every_record(deployment.store)).kinds
        finally:
            deployment.close()
        told = {one.table: one.count for one in restored.unlike}
        shut = [
            f"{kind.shut} in {name}"
            for name, kind in sorted(self.report.kinds.items())
            if kind.shut > told.get(name, 0)
        ]
        if lacking:
            raise DrillFault(f"{lacking} keys of records are not in the key store: those records stay shut")
        if shut:
            raise DrillFault(f"Records do not open: {', '.join(shut)}")

    def _destroy(self, folder: PrivateFolder, *, keep: Path | None) -> None:
        self.report.kept = keep
        ours = (
            self._ours if keep is None and self._ours is not None and not self._is_copy(self._ours) else None
        )
        try:
            with self._step(DrillStep.DESTROY) as done:
                try:
                    folder.destroy()
                finally:
                    if ours is not None and ours.exists():
                        destroy(ours)
                        self._forget()
                done.said = "every file that was left was overwritten, and all was taken away"
                if keep is not None:
                    done.said += f", but for the backup in {keep}"
        finally:
            self.report.left = [str(one) for one in (folder.path, ours) if one is not None and one.exists()]

    def _forget(self) -> None:
        """A backup that was to be kept is gone again."""
        if self._manifest is None:
            return
        held = ErasureLedger(self._places.ledger, create=False)
        try:
            forget_backup(held, self._manifest.mac)
        finally:
            held.close()

    @contextmanager
    def _step(self, step: DrillStep) -> Iterator[StepDone]:
        done, began, stopped = StepDone(step), time.monotonic(), True
        self.report.steps.append(done)
        try:
            yield done
            stopped = False
        except SafeError as error:
            done.failed, done.said = True, self._words(error)
        except OSError as error:
            done.failed = True
            done.said = self._full() if error.errno in FULL else "A file or folder cannot be written or read."
        except Exception as error:  # noqa: BLE001 (copies are destroyed whatever it was; its text may hold anything)
            done.failed, done.said = True, f"Something went wrong inside: {described(error)}."
        finally:
            done.seconds = time.monotonic() - began
        if stopped:
            raise _Stopped

    def _full(self) -> str:
        place = self.report.folder
        return (
            f"The disk under TMPDIR ({place}) is full. Make room there, or set TMPDIR to a folder with more."
        )

    def _is_copy(self, path: str | Path) -> bool:
        return self._folder in Path(path).absolute().parents

    def _words(self, error: SafeError) -> str:
        if isinstance(error, StoreUnavailable) and self._is_copy(error.database):
            if error.trouble is StoreTrouble.FULL:
                return self._full()
            return f"A copy under TMPDIR ({self.report.folder}) cannot be written or read."
        if isinstance(error, DiskFull) and self._is_copy(error.directory):
            return self._full()
        if isinstance(error, StoreUnavailable):
            return trouble_words(error.trouble, store_of(error.database, self._settings))
        return words_of(error) if isinstance(error, StoresMismatched) else f"{error}."
