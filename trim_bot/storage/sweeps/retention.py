"""Erases and deletes what has been kept as long as each site settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from trim_bot.app.seam.ports import Clock, Store, Tx
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.site import Site
from trim_bot.storage.erasure.eraser import Eraser, connection_of
from trim_bot.storage.ledger.erasure_ledger import ErasureKind
from trim_bot.storage.sweeps.key_sweep import KeysSwept, KeySweep
from trim_bot.storage.sweeps.retention_rules import Keeping, to_drop, to_erase


async def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was erased or deleted, or would have been: counts only."""

    erased: Mapping[str, int] = field(default_factory=dict)
    """By kind: `case`, `request`, `incident`."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Rows without a key of their own, by table."""
    keys: KeysSwept = field(default_factory=KeysSwept)
    waits: bool = False
    """Whether nothing was looked at because the clock is not believed now; begun erasures were ended all the same."""


class RetentionSweep:
    """Looks at what is there, so that a missed run costs only lateness. Raises `StoreUnavailable`."""

    def __init__(
        self,
        store: Store,
        eraser: Eraser,
        keys: KeySweep,
        clock: Clock,
        believed: Callable[[], Awaitable[bool]] = _always,
    ) -> None:
        """`believed` tells whether the clock can be believed now."""
        self._store = store
        self._eraser = eraser
        self._keys = keys
        self._clock = clock
        self._believed = believed

    async def run(self, *, dry_run: bool = False, accepted: bool = False) -> Swept:
        """Finish interrupted erasures, erase and delete what is past keeping, and look for unused keys.

        An organisation without settings keeps everything. A dry run changes nothing. `accepted` is somebody's word
        that many unused keys may go at once. Raises `StoresApart`.
        """
        if not dry_run:
            await self._eraser.resume()
        if not await self._believed():
            return Swept(waits=True)
        erased: Counter[str] = Counter()
        dropped: Counter[str] = Counter()
        for organisation in await self._store.organisations():
            await self._sweep(OrganisationId(organisation.id), erased, dropped, dry_run)
        keys = await self._keys.run(self._clock.real(), dry_run=dry_run, accepted=accepted)
        return Swept(dict(erased), dict(dropped), keys)

    async def _sweep(
        self, organisation: OrganisationId, erased: Counter[str], dropped: Counter[str], dry_run: bool
    ) -> None:
        keeping = await self._store.read(organisation, self._keeping)
        if keeping is None:
            return

        def past(tx: Tx) -> list[tuple[ErasureKind, str]]:
            return to_erase(connection_of(tx), organisation, keeping)

        def drop(tx: Tx) -> dict[str, int]:
            doomed = to_drop(connection_of(tx), organisation, keeping)
            if not dry_run:
                doomed.delete(connection_of(tx))
            return doomed.counts()

        for what, id in await self._store.read(organisation, past):
            if dry_run or await self._eraser.erase(organisation, what, id):
                erased[what.value] += 1
        way = self._store.read if dry_run else self._store.write
        dropped.update(await way(organisation, drop))

    def _keeping(self, tx: Tx) -> Keeping | None:
        site = tx.get(Site, "site")
        return None if site is None else Keeping(self._clock.now(), self._clock.real(), site.keep_closed_days)
