"""Units of work of the clock: what runs in one transaction when nobody in particular has asked for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from trim_bot.app.desk.desk import Desk
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import CLOCK, Work
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.site import Organisation

T = TypeVar("T")


class Units:
    """Runs bodies as the clock. Their real time is that of the leases: the database server's, where there is one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._outside = desk.outside
        self._off = timedelta()

    async def look_at_clock(self) -> None:
        """Ask the store again how far its clock is from ours; before each claim. Raises StoreUnavailable."""
        self._off = await self._outside.store.clock_off()

    def real(self) -> datetime:
        """Real time, UTC, by the clock that leases go by."""
        return self._outside.clock.real() + self._off

    async def organisations(self) -> dict[OrganisationId, Organisation]:
        """Every organisation by its id."""
        return {OrganisationId(one.id): one for one in await self._outside.store.organisations()}

    async def write(self, organisation: Organisation, act: Callable[[Work], T]) -> T:
        """Run in one transaction that may change things. Raises StoreUnavailable."""
        return await self._outside.store.write(
            OrganisationId(organisation.id), lambda tx: act(self._work(tx, organisation))
        )

    async def read(self, organisation: Organisation, act: Callable[[Work], T]) -> T:
        """Run what only reads. Raises StoreUnavailable."""
        return await self._outside.store.read(
            OrganisationId(organisation.id), lambda tx: act(self._work(tx, organisation))
        )

    def _work(self, tx: Tx, organisation: Organisation) -> Work:
        work = self._desk.work(tx, organisation, CLOCK, None, {})
        work.real = work.real + self._off
        return work

    async def worked(self, organisation: Organisation, act: Callable[[Work], None]) -> bool:
        """Whether something that is only tried could be written; what fails has been reported by its id before."""
        try:
            await self.write(organisation, act)
        except Exception:  # noqa: BLE001 (the next way is tried, or the lease holds)
            return False
        return True
