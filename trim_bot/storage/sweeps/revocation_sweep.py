"""Sweeps what a crash left behind: keys that no record uses, and takings-back that were never committed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import delete, select

from trim_bot.app.seam.ports import Clock, Store, Tx
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.site import Site
from trim_bot.domain.unused_keys import plan_key_sweep
from trim_bot.storage.consistency.check import StoreConsistency
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.erasure.erasure_plan import batches, referenced_keys
from trim_bot.storage.keys.key_store import SqlKeyStore
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.store import SqlStore
from trim_bot.storage.tables import takings_back

WAIT_SECONDS = 120.0
"""Longer than any transaction lasts, from its line in the ledger to its commit."""
SHORTEST_DAYS = 30
"""How long a key backup may live when no organisation has settled it."""


async def settle_revocations(store: SqlStore, ledger: ErasureLedger, clock: Clock) -> int:
    """Void what came to nothing, of what was there at the last look; returns how many transactions that were.

    Raises `StoreUnavailable`.
    """
    lines = ledger.revocations.unsettled(clock.real(), WAIT_SECONDS)
    if not lines:
        return 0
    named: dict[str, set[str]] = {}
    for line in lines:
        named.setdefault(line.organisation, set()).add(line.token)
    kept = {
        organisation: await store.read(OrganisationId(organisation), partial(_committed, tokens))
        for organisation, tokens in named.items()
    }
    void = {token for organisation, tokens in named.items() for token in tokens - kept[organisation]}
    for token in sorted(void):
        ledger.revocations.void(token, clock.now().date())
    ledger.revocations.settle(max(line.n for line in lines))
    for organisation, tokens in kept.items():
        if tokens:
            await store.write(OrganisationId(organisation), partial(_forget, tokens))
    return len(void)


def _committed(tokens: set[str], tx: Tx) -> set[str]:
    mine = select(takings_back.c.token).where(takings_back.c.organisation == tx.organisation)
    return tokens.intersection(connection_of(tx).scalars(mine))


def _forget(tokens: set[str], tx: Tx) -> None:
    for batch in batches(tokens):
        mine = delete(takings_back).where(takings_back.c.organisation == tx.organisation)
        connection_of(tx).execute(mine.where(takings_back.c.token.in_(batch)))


async def prune_revocations(store: SqlStore, ledger: ErasureLedger, clock: Clock) -> int:
    """Delete lines older than any key backup may still be; returns how many. Raises `StoreUnavailable`.

    A backup made on a day needs the lines of that day and of all after it, for as long as its keys may live.
    """
    days = max(SHORTEST_DAYS, ledger.revocations.longest())
    oldest, today = ledger.revocations.oldest(), clock.now().date()
    if oldest is None or oldest >= today - timedelta(days=days + 1):
        # Nothing is old enough, whatever the organisations have settled: none of them is asked.
        return 0
    for organisation in await store.organisations():
        days = max(days, await store.read(OrganisationId(organisation.id), _erase_days))
    return ledger.revocations.prune(today - timedelta(days=days + 1))


def _erase_days(tx: Tx) -> int:
    site = tx.get(Site, "site")
    return site.erase_days if site is not None else 0


@dataclass(frozen=True, slots=True)
class KeySweepResult:
    """What a sweep did, or would do: numbers of keys."""

    destroyed: int = 0
    quarantined: int = 0
    """How many are in quarantine after it."""
    refused: int = 0
    """How many it left alone because they are too many at once."""
    of: int = 0
    """How many keys there are that somebody took."""


class KeySweep:
    """Works on stores that belong together, and refuses all others. Raises `StoresMismatched`, `StoreUnavailable`."""

    def __init__(self, store: Store, key_store: SqlKeyStore, consistency: StoreConsistency) -> None:
        self._store = store
        self._key_store = key_store
        self._consistency = consistency

    async def run(self, real: datetime, *, dry_run: bool = False, accepted: bool = False) -> KeySweepResult:
        """Look once at `real` (real time, UTC); a dry run changes nothing.

        `accepted` is somebody's word that many keys may go at once.
        """
        await self._consistency.check()
        # Keys first, records after: a key that came into use in between is then seen in use.
        standing = await asyncio.to_thread(self._key_store.keys_in_store)
        used = await self._store.read(OrganisationId(""), lambda tx: referenced_keys(connection_of(tx)))
        todo = plan_key_sweep(standing, used, real, accepted=accepted)
        if not dry_run:
            await self._consistency.check()
            await asyncio.to_thread(self._key_store.sweep, todo, real)
        gone = {*todo.to_destroy, *todo.in_use}
        seen = {**standing.unused, **{one.id: one for one in todo.looked}}
        return KeySweepResult(
            destroyed=len(todo.to_destroy) + len(todo.spares),
            quarantined=sum(one.in_quarantine and one.id not in gone for one in seen.values()),
            refused=todo.refused,
            of=todo.of,
        )
