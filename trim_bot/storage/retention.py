"""Erases and deletes what has been kept as long as each site settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from trim_bot.app.ports import Clock, Store, Tx
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.site import Site
from trim_bot.storage.erasure import Eraser, KeyDestroyer, connection_of
from trim_bot.storage.ledger import ErasureKind
from trim_bot.storage.orphans import KeyList, destroy_orphans
from trim_bot.storage.past_keeping import Keeping, to_drop, to_erase


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was erased or deleted, or would have been: counts only."""

    erased: Mapping[str, int] = field(default_factory=dict)
    """By kind: `case`, `request`, `incident`."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Rows without a key of their own, by table."""
    orphan_keys: int = 0


class RetentionSweep:
    """Looks at what is there, so that a missed run costs only lateness. Raises `StoreUnavailable`."""

    def __init__(
        self, store: Store, eraser: Eraser, key_list: KeyList, keys: KeyDestroyer, clock: Clock
    ) -> None:
        self._store = store
        self._eraser = eraser
        self._key_list = key_list
        self._keys = keys
        self._clock = clock

    async def run(self, *, dry_run: bool = False) -> Swept:
        """Finish interrupted erasures, erase and delete what is past keeping, destroy orphan keys.

        An organisation without settings keeps everything. A dry run changes nothing. Raises `StoresDisagree`.
        """
        if not dry_run:
            await self._eraser.resume()
        erased: Counter[str] = Counter()
        dropped: Counter[str] = Counter()
        for organisation in await self._store.organisations():
            await self._sweep(OrganisationId(organisation.id), erased, dropped, dry_run)
        orphans = await destroy_orphans(
            self._store, self._key_list, self._keys, self._clock.real(), dry_run=dry_run
        )
        return Swept(dict(erased), dict(dropped), orphans)

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
