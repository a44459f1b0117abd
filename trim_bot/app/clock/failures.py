"""Units of work of the clock, and what is done about one that fails whenever its turn comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from trim_bot.app.desk.desk import Desk
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.work import CLOCK, Asker, UnitOfWork
from trim_bot.app.waiting import pending as waits
from trim_bot.app.waiting.due import climb, count_no_owner, reach_in_person, tell_leads
from trim_bot.domain.ids import OrganisationId, StepId
from trim_bot.domain.looks import ClockLook
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import OPEN_STATES, Rung, Step

MOST_LOOKS = 3
FIRST_WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)


def step_failed(work: UnitOfWork, id: StepId) -> None:
    """Look at it again later, in real time; after a few looks it goes on in another way."""
    step = _open_step(work, id)
    if step is None:
        return
    if step.failures + 1 < MOST_LOOKS or step.rung is Rung.PERSON:
        if step.failures + 1 == MOST_LOOKS:
            reach_in_person(work, step)
        put_back(work, id)
    elif step.rung is Rung.NOBODY:
        tell_leads(work, step)
    else:
        climb(work, step)


def to_nobody(work: UnitOfWork, id: StepId) -> None:
    """Where climbing fails as well: it stands first on the leads' board. What is a person's stays."""
    step = _open_step(work, id)
    if step is None:
        return
    if step.rung in (Rung.PERSON, Rung.NOBODY) or step.failures + 1 < MOST_LOOKS:
        put_back(work, id)
        return
    waits.pass_to(work, step, Rung.NOBODY, None)
    count_no_owner(work)


def put_back(work: UnitOfWork, id: StepId) -> None:
    """Hold it back for a while, longer each time."""
    step = _open_step(work, id)
    if step is None:
        return
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(step.failures, 10))
    work.tx.save(replace(step, failures=step.failures + 1, lease_until=work.real + wait))


def _open_step(work: UnitOfWork, id: StepId) -> Step | None:
    step = work.tx.get(Step, id)
    return step if step is not None and step.state in OPEN_STATES else None


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

    async def due(self, look: ClockLook) -> list[Organisation]:
        """The organisations in which something is to be looked at now. Raises StoreUnavailable."""
        return await self._outside.store.organisations_due(look, self._outside.clock.now())

    async def write(self, organisation: Organisation, act: Callable[[UnitOfWork], T]) -> T:
        """Run in one transaction that may change things. Raises StoreUnavailable."""
        return await self._outside.store.write(
            OrganisationId(organisation.id), lambda tx: act(self._work(tx, organisation))
        )

    async def write_each(
        self, organisation: Organisation, acts: Sequence[Callable[[UnitOfWork], T]]
    ) -> list[T]:
        """Run several in one transaction, each with a unit of work of its own: all are kept, or none."""
        return await self._outside.store.write(
            OrganisationId(organisation.id), lambda tx: [act(self._work(tx, organisation)) for act in acts]
        )

    async def read(self, organisation: Organisation, act: Callable[[UnitOfWork], T]) -> T:
        """Run what only reads. Raises StoreUnavailable."""
        return await self._outside.store.read(
            OrganisationId(organisation.id), lambda tx: act(self._work(tx, organisation))
        )

    def _work(self, tx: Tx, organisation: Organisation) -> UnitOfWork:
        work = self._desk.work(tx, organisation, Asker(CLOCK), {})
        work.real = work.real + self._off
        return work

    async def worked(self, organisation: Organisation, act: Callable[[UnitOfWork], None]) -> bool:
        """Whether something that is only tried could be written; what fails has been reported by its id before."""
        try:
            await self.write(organisation, act)
        except Exception:  # noqa: BLE001 (the next way is tried, or the lease holds)
            return False
        return True
