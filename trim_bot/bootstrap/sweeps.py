"""Everything the clock asks for: due work and delivery at each beat, and the sweeps that come more rarely."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace

from trim_bot.app.clock.clocks import ClockReading
from trim_bot.app.clock.clockwork import Clockwork
from trim_bot.app.handover.erasing import erase_all_asked
from trim_bot.app.installations.keeping import workspace_of
from trim_bot.app.seam.log_events import LogEvent
from trim_bot.app.workspaces.staff_lists import Staff
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.process_log import tell
from trim_bot.bootstrap.store_opening import note_lines
from trim_bot.domain.key_use import KeyUse, keys_for
from trim_bot.scheduler.ticker import Sweep, Ticker, Work
from trim_bot.storage.consistency.identity import StoresMismatched
from trim_bot.storage.errors import OtherKeyring
from trim_bot.storage.sweeps.revocation_sweep import prune_revocations, settle_revocations
from trim_bot.storage.usage_lock import InUse

ERASURES_SECONDS = 60
STEADY_SECONDS = 5 * 60
FAR_AHEAD_SECONDS = 15 * 60
WEEKS_SECONDS = 5 * 60
STAFF_SECONDS = 6 * 60 * 60
LISTS_SECONDS = 10
RETENTION_SECONDS = 6 * 60 * 60
TAKINGS_SECONDS = 10 * 60

Failed = Callable[[str, Exception], None]
"""Told the name of what failed, and the error."""


class Sweeps:
    """The work of the worker. One at a time touches what is due, so that moving the clock finds all of it."""

    def __init__(self, deployment: Deployment, clockwork: Clockwork, staff: Staff) -> None:
        self._deployment = deployment
        self._clockwork = clockwork
        self._staff = staff
        self._turn = asyncio.Lock()
        self._urgent_turn = asyncio.Lock()

    def ticker(self, failed: Failed) -> Ticker:
        """The ticker that asks for all of it."""
        sweeps = (
            Sweep("erasures", self.erase_asked, ERASURES_SECONDS),
            Sweep("staff", self.meet_everyone, STAFF_SECONDS),
            Sweep("staff lists", self.go_on_with_lists, LISTS_SECONDS),
            Sweep("steady", self._clockwork.keep_steady, STEADY_SECONDS),
            Sweep("far ahead", self._clockwork.bring_back, FAR_AHEAD_SECONDS),
            Sweep("weeks", self.close_weeks, WEEKS_SECONDS),
            Sweep("takings", self.settle_revocations, TAKINGS_SECONDS),
            Sweep("retention", self.retain, RETENTION_SECONDS),
        )
        clocked = [replace(one, work=_by_the_clock(one.work)) for one in sweeps]
        return Ticker(_by_the_clock(self.beat), clocked, failed, urgent=_by_the_clock(self.beat_urgent))

    async def beat(self) -> bool:
        """Look at due steps and hand out what is queued; whether there is more."""
        async with self._turn:
            return await self._clockwork.beat()

    async def beat_urgent(self) -> bool:
        """Look at calls for safety and hand them out; they wait for no other beat."""
        async with self._urgent_turn:
            return await self._clockwork.beat_urgent()

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        await self._clockwork.idle()

    async def drain(self) -> int:
        """Do all that is due by business time; returns how many things ran."""
        with keys_for(KeyUse.CLOCK):
            return await self._drain()

    async def _drain(self) -> int:
        async with self._turn, self._urgent_turn:
            ran = await self._clockwork.drain()
            await self.close_weeks()
            return ran + await self.erase_asked()

    async def erase_asked(self) -> int:
        """Carry out what members asked for themselves; returns how many were erased."""
        of = self._deployment
        if done := await erase_all_asked(of.store, of.eraser, of.clock):
            await note_lines(of.ledger, of.notes)
        return done

    async def meet_everyone(self, team: str = "") -> None:
        """Enter everyone of the connected workspaces, or of one Slack team, and note who has left."""
        with keys_for(KeyUse.CLOCK):
            await self._staff.meet_everyone(workspace_of(team) if team else None)

    async def go_on_with_lists(self) -> None:
        """Go on with the lists whose platform had asked to wait."""
        with keys_for(KeyUse.CLOCK):
            await self._staff.go_on()

    async def close_weeks(self) -> None:
        """Freeze the statement of every closed week, unless the clock is not believed now."""
        deployment = self._deployment
        if await deployment.clock_check.believed():
            await self._clockwork.sweep(lambda: deployment.time.doubt() is None)

    async def settle_revocations(self) -> None:
        """See what came of the newest takings-back, and let go of those that no backup needs any more.

        Both go by the clock and end something for good, so neither is done while it is not believed.
        """
        deployment = self._deployment
        read = ClockReading.of(deployment.clock)
        if await deployment.clock_check.believed():
            await settle_revocations(deployment.store, deployment.ledger, read)
            await prune_revocations(deployment.store, deployment.ledger, read)
        await note_lines(deployment.ledger, deployment.notes)

    async def retain(self) -> None:
        """Finish interrupted erasures, erase and delete what is past keeping, and look for unused keys."""
        swept = await self._deployment.retention.run()
        if swept.keys.refused:
            tell(LogEvent.UNUSED_KEYS, about=f"{swept.keys.refused} of {swept.keys.of}")
        await note_lines(self._deployment.ledger, self._deployment.notes)


def _by_the_clock(work: Work) -> Work:
    """The same, and no longer for whoever's gesture woke it: what is due opens keys for the clock."""

    async def due() -> object:
        with keys_for(KeyUse.CLOCK):
            return await work()

    return due


def look_at_keys(deployment: Deployment, outdated: asyncio.Event) -> Work:
    told: set[str] = set()

    async def look() -> None:
        try:
            await asyncio.to_thread(deployment.key_store.must_fit, deployment.masters)
            await asyncio.to_thread(deployment.users.renew)
            await asyncio.to_thread(deployment.vault.prove_spares, every=True)
            await deployment.settle()
            told.update(tell_altered(deployment, told))
        except (OtherKeyring, StoresMismatched, InUse):
            outdated.set()

    return look


def tell_altered(deployment: Deployment, told: Collection[str]) -> set[str]:
    """Say in the log which tables hold a row that is not as it was written, and which journals are in doubt, once."""
    tables = {table for _, table, _ in deployment.store.altered}
    found = {*tables, *(f"journal {one}" for one in deployment.store.in_doubt)}
    for one in sorted(found - set(told)):
        tell(LogEvent.ALTERED if one in tables else LogEvent.JOURNAL, about=one)
    return found
