"""What the clock asks of the desk: look at due steps, send what is queued, freeze the week that has closed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar, assert_never

from trim_bot.app import outbox, setbacks
from trim_bot.app.desk import Desk
from trim_bot.app.due import look_at
from trim_bot.app.outbox import Plan, Verdict
from trim_bot.app.ports import Tx
from trim_bot.app.status_weeks import freeze_closed_weeks
from trim_bot.app.work import CLOCK, Work
from trim_bot.domain.errors import StoreUnavailable, TryLater, Undeliverable
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Address
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import Outgoing

T = TypeVar("T")
LEASE_SECONDS = 60
STEPS_A_ROUND = 100
MESSAGES_A_ROUND = 10
"""Few, since they go out one after another: a lease has to last for all, and a safety call waits for no more."""
MOST_ROUNDS = 10_000


class Clockwork:
    """Runs due work. Every call polls state, so a missed tick costs only lateness."""

    def __init__(self, desk: Desk, lost: Callable[[str], None]) -> None:
        """`lost` is told the opaque id of an item that failed; it is held back, and comes again."""
        self._desk = desk
        self._outside = desk.outside
        self._lost = lost

    async def run_due(self) -> int:
        """Move due steps on; returns how many were moved. One that fails does not stop the rest."""
        moved = 0
        organisations = await self._organisations()
        for id, step in await self._outside.store.claim_steps(
            self._outside.clock.now(), self._outside.clock.real(), LEASE_SECONDS, STEPS_A_ROUND
        ):
            try:
                if await self._write(organisations[id], partial(look_at, id=step.id)):
                    moved += 1
            except StoreUnavailable:
                self._lost(step.id)
            except Exception:  # noqa: BLE001 (one bad step must not stop the clock for all behind it)
                self._lost(step.id)
                ways = (setbacks.step_failed, setbacks.to_nobody, setbacks.put_back)
                moved += await self._go_on(organisations.get(id), *(partial(way, id=step.id) for way in ways))
        return moved

    async def deliver(self) -> int:
        """Send queued messages; returns how many reached an end or were put off."""
        handled = 0
        organisations = await self._organisations()
        for id, outgoing in await self._outside.store.claim_outgoing(
            self._outside.clock.now(), self._outside.clock.real(), LEASE_SECONDS, MESSAGES_A_ROUND
        ):
            try:
                handled += await self._send(organisations[id], outgoing)
            except StoreUnavailable:
                self._lost(outgoing.id)
            except Exception:  # noqa: BLE001 (one bad message must not stop the outbox for all behind it)
                self._lost(outgoing.id)
                again = partial(outbox.mark_failed, outgoing=outgoing, after_seconds=None, for_good=False)
                handled += await self._go_on(
                    organisations.get(id), again, partial(outbox.bury, outgoing=outgoing)
                )
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

    async def _go_on(self, organisation: Organisation | None, *ways: Callable[[Work], None]) -> bool:
        """Go on in the first way that works, each asking less than the one before; failing all, the lease holds."""
        if organisation is not None:
            for way in ways:
                if await self._worked(organisation, way):
                    return True
        return False

    async def _worked(self, organisation: Organisation, way: Callable[[Work], None]) -> bool:
        try:
            await self._write(organisation, way)
        except Exception:  # noqa: BLE001 (what failed has been reported by its id; the next way is tried)
            return False
        return True

    async def _send(self, organisation: Organisation, outgoing: Outgoing) -> bool:
        """Whether it was ours to deal with."""
        plan = await self._plan(organisation, outgoing, frozenset())
        match plan.verdict:
            case Verdict.GONE:
                return False
            case Verdict.DROP:
                await self._write(organisation, lambda work: outbox.mark_dropped(work, outgoing))
            case Verdict.LATER:
                await self._write(organisation, lambda work: outbox.put_off(work, outgoing))
            case Verdict.ON_PAGE:
                await self._write(organisation, lambda work: outbox.mark_sent(work, outgoing, ""))
            case Verdict.NO_WAY:
                await self._fail(organisation, outgoing, None, for_good=True)
            case Verdict.SEND:
                await self._speak(organisation, outgoing, plan)
            case _:
                assert_never(plan.verdict)
        return True

    async def _plan(self, organisation: Organisation, outgoing: Outgoing, closed: frozenset[str]) -> Plan:
        platforms = frozenset(self._outside.messengers)
        return await self._read(organisation, lambda work: outbox.plan(work, outgoing, platforms, closed))

    async def _speak(self, organisation: Organisation, outgoing: Outgoing, plan: Plan) -> None:
        """Send to one account after the other until one can be reached; failing all, it is told in person."""
        closed: frozenset[str] = frozenset()
        while plan.account is not None and plan.message is not None:
            account = plan.account
            messenger = self._outside.messengers[account.platform.value]
            try:
                await messenger.send(Address.parse(account.address), plan.message, account.route)
            except Undeliverable:
                closed |= {account.id}
                plan = await self._plan(organisation, outgoing, closed)
            except TryLater as later:
                return await self._fail(organisation, outgoing, later.after_seconds, for_good=False)
            else:
                sent = partial(outbox.mark_sent, outgoing=outgoing, handle=plan.handle)
                return await self._write(organisation, sent)
        if plan.verdict in (Verdict.NO_WAY, Verdict.ON_PAGE):
            await self._fail(organisation, outgoing, None, for_good=True)

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
