"""A town on real stores, with its ledger and anchor: backed up, and brought back into empty databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import cast

from tests.builders import Town
from tests.fakes import FakeClock
from tests.storage.story import KEYRING, bring_up, sqlite_places
from trim_bot.app.handover.restored_revocations import reapply_revocations
from trim_bot.app.seam.ports import Directory, Tx
from trim_bot.app.seam.work import CLOCK, Asker, UnitOfWork
from trim_bot.app.site_file.reading import default_site
from trim_bot.crypto.keyring import Pseudonyms
from trim_bot.crypto.vault import Vault
from trim_bot.domain.people import Role
from trim_bot.domain.revocations import RestoredRevocations
from trim_bot.domain.site import Organisation
from trim_bot.storage.backup.restore import Restored, restore
from trim_bot.storage.backup.taking_backup import Places, backup
from trim_bot.storage.consistency.reading_all import spoilt_records
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.ledger.anchor import FileAnchor
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.store import SqlStore
from trim_bot.storage.sweeps.revocation_sweep import settle_revocations


class Kept:
    """One town with everything it is kept in. `places` names where."""

    def __init__(self, places: Places, anchor: FileAnchor, clock: FakeClock) -> None:
        self.places, self.anchor = places, anchor
        bring_up(places.data)
        self.keys = SqlKeyStore(places.keys)
        self.keys.belongs_to(KEYRING.fingerprint)
        self.ledger = ErasureLedger(places.ledger, anchor=anchor)
        self.ledger.keep_anchor()
        self.vault = Vault(KEYRING, self.keys)
        self.store = SqlStore(places.data, self.vault, Pseudonyms(KEYRING))
        self.store.keep_revocations(self.ledger.revocations, clock)
        self.town = Town(clock=clock, store=self.store)

    def close(self) -> None:
        """Let go of all of it."""
        self.store.close()
        self.ledger.close()
        self.keys.close()

    async def settle(self) -> int:
        """Void what came to nothing."""
        return await settle_revocations(self.store, self.ledger, self.town.clock)

    def back_up(self, directory: Path) -> Path:
        """Take a backup now."""
        backup(self.places, directory, Pseudonyms(KEYRING), now=self.town.clock.real(), erase_days=30)
        return directory

    async def bring_back(self, directory: Path, there: Places) -> tuple[Kept, Restored]:
        """Restore a backup at other places with this ledger, as if the ones here were lost."""
        clock = self.town.clock

        def replay(ledger: ErasureLedger, after: int) -> RestoredRevocations:
            return asyncio.run(_replay(ledger, after))

        async def _replay(ledger: ErasureLedger, after: int) -> RestoredRevocations:
            keys = SqlKeyStore(there.keys, create=False)
            vault = Vault(KEYRING, keys)
            store = SqlStore(there.data, vault, Pseudonyms(KEYRING))
            try:
                desk = Town(clock=clock, store=store).desk

                def work(tx: Tx, organisation: Organisation) -> UnitOfWork:
                    settings = default_site("Acme", organisation.slug, ())
                    return desk.work(tx, organisation, Asker(CLOCK), {}, settings)

                spoilt = await spoilt_records(store, Pseudonyms(KEYRING))
                return await reapply_revocations(
                    store, vault.destroy, work, ledger.revocations, after, clock.now(), spoilt
                )
            finally:
                store.close()
                keys.close()

        there = Places(there.data, there.keys, self.places.ledger)
        done = await asyncio.to_thread(
            lambda: restore(
                directory, there, Pseudonyms(KEYRING), now=clock.real(), anchor=self.anchor, replay=replay
            )
        )
        again = Kept(there, self.anchor, clock)
        again.town.organisation = self.town.organisation
        again.town.ids = self.town.ids
        again.town.directory = self.town.directory
        cast("dict[str, Directory]", again.town.desk.outside.directories)["slack"] = self.town.directory
        return again, done


def places_in(folder: Path, make: Callable[[], str] | None) -> Places:
    """Three empty databases: files in a folder, or made on PostgreSQL, where the ledger stays a file."""
    folder.mkdir()
    files = sqlite_places(folder)
    return files if make is None else Places(make(), make(), files.ledger)


PEOPLE = {
    "priya": (Role.PRACTITIONER,),
    "paul": (Role.PRACTITIONER,),
    "lena": (Role.LEAD, Role.PRACTITIONER),
    "dev": (Role.DEPUTY,),
    "nurse": (),
    "driver": (),
    "porter": (),
}


async def settled(kept: Kept) -> Kept:
    """The same, with people in every role."""
    await kept.town.found()
    for name, roles in PEOPLE.items():
        await kept.town.add(name, *roles)
    return kept
