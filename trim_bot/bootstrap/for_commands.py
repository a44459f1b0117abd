"""Puts together what a single command needs: a desk that tells nobody, a site file into force, a restore done again."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime

from trim_bot.app.clock.clocks import MovableClock, RealClock
from trim_bot.app.definitions import library_of
from trim_bot.app.desk.desk import Desk, Outside
from trim_bot.app.handover.restored_revocations import reapply_revocations
from trim_bot.app.seam.ports import Clock, Store, Tokens
from trim_bot.app.seam.work import CLOCK, Asker, Definitions, WorkOf
from trim_bot.app.site_file.reading import SiteFile, default_site
from trim_bot.app.workspaces import site_in_force
from trim_bot.app.workspaces.site_in_force import Applied, SiteKept
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.crypto.keyring import Keyring, Pseudonyms
from trim_bot.crypto.tokens import SealedTokens
from trim_bot.crypto.vault import Vault
from trim_bot.domain.key_use import KeyUse, keys_for
from trim_bot.domain.revocations import RestoredRevocations
from trim_bot.domain.site import Organisation
from trim_bot.locale.phone_numbers import PhoneNumbers
from trim_bot.locale.public_holidays import PublicHolidays
from trim_bot.settings.environment import Mode, Settings
from trim_bot.settings.store_addresses import help_file, places_of
from trim_bot.storage.consistency.reading_all import spoilt_records
from trim_bot.storage.deployment_notes import Notes, rename_organisation
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.store import SqlStore


async def definitions_of(notes: Notes, mode: Mode = Mode.PRODUCTION) -> Definitions:
    """What handlers are given in a mode. Raises DefinitionFaults, StoreUnavailable."""
    return (await library_of(notes)).definitions(files_sign=mode is not Mode.PRODUCTION)


def clock_work(store: Store, clock: Clock, tokens: Tokens, definitions: Definitions) -> WorkOf:
    """The clock's own work of a desk that tells nobody anything. Settings that cannot be read are stood in for."""
    desk = Desk(
        Outside(
            store=store,
            clock=clock,
            tokens=tokens,
            messengers={},
            directories={},
            holidays=PublicHolidays(),
            phones=PhoneNumbers(),
            definitions=definitions,
            link="",
        )
    )
    return lambda tx, one: desk.work(tx, one, Asker(CLOCK), {}, default_site(one.slug, one.slug, ()))


async def apply_site(deployment: Deployment, organisation: Organisation | None, file: SiteFile) -> Applied:
    """Put a checked site file into force for an organisation, or for a new one; raises as the use case does."""
    kept = SiteKept(
        store=deployment.store,
        clock=deployment.clock,
        founder=deployment.founder,
        work=clock_work(
            deployment.store, deployment.clock, deployment.tokens, await definitions_of(deployment.notes)
        ),
        rename=rename_organisation,
        help=help_file(deployment.settings),
        files_sign=deployment.settings.mode is not Mode.PRODUCTION,
    )
    return await site_in_force.apply_site(kept, organisation, file)


async def replay(
    settings: Settings, keyring: Keyring, ledger: ErasureLedger, after: int, now: datetime
) -> RestoredRevocations:
    """Do again what the lines numbered above `after` say; `now` is real time, UTC. Raises StoreUnavailable.

    Data and keys lie where the settings say.
    """
    places = places_of(settings)
    with ExitStack() as closing:
        key_store = SqlKeyStore(places.keys, create=False)
        closing.callback(key_store.close)
        vault = Vault(keyring, key_store)
        store = SqlStore(places.data, vault, Pseudonyms(keyring), busy_seconds=15.0)
        closing.callback(store.close)
        notes = Notes(store)
        clock: Clock = await MovableClock.kept(notes) if settings.manual_clock else RealClock()
        work = clock_work(store, clock, SealedTokens(keyring), await definitions_of(notes))
        with keys_for(KeyUse.RESTORE):
            spoilt = await spoilt_records(store, Pseudonyms(keyring))
            told = await reapply_revocations(
                store, vault.destroy, work, ledger.revocations, after, min(now, clock.now()), spoilt
            )
        vault.release()
        return told
