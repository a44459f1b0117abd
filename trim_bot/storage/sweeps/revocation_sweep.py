"""Voids takings-back whose transaction was never committed, as after a crash, and prunes what no backup needs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from trim_bot.app.seam.ports import Clock, Tx
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.site import Site
from trim_bot.storage.erasure.eraser import connection_of
from trim_bot.storage.erasure.erasure_plan import batches
from trim_bot.storage.ledger.erasure_ledger import ErasureLedger
from trim_bot.storage.store import SqlStore
from trim_bot.storage.tables import takings_back

WAIT_SECONDS = 120.0
"""Longer than any transaction lasts, from its line in the ledger to its commit."""
SHORTEST_DAYS = 30
"""How long a key backup may live when no organisation has settled it."""
_EVERYWHERE = OrganisationId("")


async def settle_revocations(store: SqlStore, ledger: ErasureLedger, clock: Clock) -> int:
    """Void what came to nothing, of what was there at the last look; returns how many transactions that were.

    Raises `StoreUnavailable`.
    """
    lines = ledger.revocations.unsettled(clock.real(), WAIT_SECONDS)
    if not lines:
        return 0
    tokens = {line.token for line in lines}

    def committed(tx: Tx) -> set[str]:
        held = connection_of(tx).scalars(select(takings_back.c.token))
        return tokens.intersection(held)

    def forget(tx: Tx) -> None:
        for batch in batches(kept):
            connection_of(tx).execute(delete(takings_back).where(takings_back.c.token.in_(batch)))

    kept = await store.read(_EVERYWHERE, committed)
    for token in sorted(tokens - kept):
        ledger.revocations.void(token, clock.now().date())
    ledger.revocations.settle(max(line.n for line in lines))
    await store.write(_EVERYWHERE, forget)
    return len(tokens - kept)


async def prune_revocations(store: SqlStore, ledger: ErasureLedger, clock: Clock) -> int:
    """Delete lines older than any key backup may still be; returns how many. Raises `StoreUnavailable`.

    A backup made on a day needs the lines of that day and of all after it, for as long as its keys may live.
    """
    days = max(SHORTEST_DAYS, ledger.revocations.longest())
    for organisation in await store.organisations():
        days = max(days, await store.read(OrganisationId(organisation.id), _erase_days))
    return ledger.revocations.prune(clock.now().date() - timedelta(days=days + 1))


def _erase_days(tx: Tx) -> int:
    site = tx.get(Site, "site")
    return site.erase_days if site is not None else 0
