"""What the clock asks of the desk: look at due steps, send what is queued, freeze the week that has closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from trim_bot.app import outbox
from trim_bot.app.desk import Desk
from trim_bot.app.due import look_at
from trim_bot.app.outbox import Plan, Verdict
from trim_bot.app.ports import Tx
from trim_bot.app.status_weeks import freeze_closed_weeks
from trim_bot.app.work import CLOCK, Work
from trim_bot.domain.errors import StoreUnavailable, TryLater, Undeliverable
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import Outgoing

T = TypeVar("T")
LEASE_SECONDS = 60
BATCH = 100
MOST_ROUNDS = 10_000


class Clockwork:
    """Runs due work. Every call polls state, so a missed tick costs only lateness."""

    def __init__(self, desk: Desk, lost: Callable[[str], None]) -> None:
        """`lost` is told the opaque id of an item that failed; the item's lease runs out and it comes again."""
        self._desk = desk
        self._outside = desk.outside
        self._lost = lost

    async def run_due(self) -> int:
        """Move due steps on; returns how many were moved. One that fails does not stop the rest."""
        moved = 0
        organisations = await self._organisations()
        for id, step in await self._outside.store.claim_steps(
            self._outside.clock.now(), self._outside.clock.real(), LEASE_SECONDS, BATCH
        ):
            step_id = step.id
            try:
                if await self._write(organisations[id], lambda work, it=step_id: look_at(work, it)):  # type: ignore[misc]
                    moved += 1
            except StoreUnavailable:
                self._lost(step.id)
        return moved

    async def deliver(self) -> int:
        """Send queued messages; returns how many reached an end or were put off."""
        handled = 0
        organisations = await self._organisations()
        for id, outgoing in await self._outside.store.claim_outgoing(
            self._outside.clock.now(), self._outside.clock.real(), LEASE_SECONDS, BATCH
        ):
            try:
                await self._send(organisations[id], outgoing)
                handled += 1
            except StoreUnavailable:
                self._lost(outgoing.id)
        return handled

    async def drain(self) -> int:
        """Run and deliver until nothing more is due."""
        total = 0
        for _ in range(MOST_ROUNDS):
            ran = await self.run_due() + await self.deliver()
            if ran == 0:
                return total
            total += ran
        return total

    async def sweep(self) -> None:
        """Freeze the statement of every closed week that has none yet."""
        for organisation in (await self._organisations()).values():
            await self._write(organisation, freeze_closed_weeks)

    async def _send(self, organisation: Organisation, outgoing: Outgoing) -> None:
        platforms = frozenset(self._outside.messengers)
        plan = await self._read(organisation, lambda work: outbox.plan(work, outgoing, platforms))
        match plan.verdict:
            case Verdict.DROP:
                await self._write(organisation, lambda work: outbox.mark_dropped(work, outgoing))
            case Verdict.LATER:
                await self._write(organisation, lambda work: outbox.put_off(work, outgoing))
            case Verdict.ON_PAGE:
                await self._write(organisation, lambda work: outbox.mark_sent(work, outgoing, "page"))
            case Verdict.NO_WAY:
                await self._fail(organisation, outgoing, None, for_good=True)
            case Verdict.SEND:
                await self._speak(organisation, outgoing, plan)

    async def _speak(self, organisation: Organisation, outgoing: Outgoing, plan: Plan) -> None:
        if plan.address is None or plan.message is None:
            return
        messenger = self._outside.messengers[plan.address.platform.value]
        try:
            handle = await messenger.send(plan.address, plan.message)
        except Undeliverable:
            await self._fail(organisation, outgoing, None, for_good=True)
        except TryLater as later:
            await self._fail(organisation, outgoing, later.after_seconds, for_good=False)
        else:
            await self._write(organisation, lambda work: outbox.mark_sent(work, outgoing, handle))

    async def _fail(
        self, organisation: Organisation, outgoing: Outgoing, after: float | None, *, for_good: bool
    ) -> None:
        await self._write(
            organisation, lambda work: outbox.mark_failed(work, outgoing, after, for_good=for_good)
        )

    async def _organisations(self) -> dict[OrganisationId, Organisation]:
        return {OrganisationId(one.id): one for one in await self._outside.store.organisations()}

    async def _write(self, organisation: Organisation, act: Callable[[Work], T]) -> T:
        return await self._outside.store.write(
            OrganisationId(organisation.id), lambda tx: act(self._work(tx, organisation))
        )

    async def _read(self, organisation: Organisation, act: Callable[[Work], T]) -> T:
        return await self._outside.store.read(
            OrganisationId(organisation.id), lambda tx: act(self._work(tx, organisation))
        )

    def _work(self, tx: Tx, organisation: Organisation) -> Work:
        return self._desk.work(tx, organisation, CLOCK, None, {})
