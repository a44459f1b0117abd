"""Moves claimed steps on, a few of an organisation in one transaction; one that fails stops no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from trim_bot.app.clock import failures as setbacks
from trim_bot.app.clock.failures import Units
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.app.waiting.due import look_at
from trim_bot.domain.errors import StoreUnavailable
from trim_bot.domain.ids import OrganisationId, StepId
from trim_bot.domain.site import Organisation
from trim_bot.domain.steps import Step

TOGETHER = 4
"""Steps of one transaction. What they read alike is read once; whoever presses something waits for no more of them."""
AT_ONCE = 1
"""Transactions that wait together: more of them keep the writer so busy that whoever presses something waits."""


class DueSteps:
    """Looks at each step afresh in the transaction that moves it."""

    def __init__(self, units: Units, lost: Callable[[str], object]) -> None:
        """`lost` is told the opaque id of a step that failed; it is held back, and comes again."""
        self._units = units
        self._lost = lost

    async def move(
        self,
        claimed: Sequence[tuple[OrganisationId, Step]],
        organisations: Mapping[OrganisationId, Organisation],
        *,
        each_alone: bool,
    ) -> int:
        """Move them on, soonest first; returns how many were moved. Those of an unknown organisation are left."""
        parts = [
            (organisations[id], ids)
            for id, ids in in_parts(claimed, 1 if each_alone else TOGETHER)
            if id in organisations
        ]
        moved = 0
        for begin in range(0, len(parts), AT_ONCE):
            waiting = (self._move(*part) for part in parts[begin : begin + AT_ONCE])
            moved += sum(await asyncio.gather(*waiting))
        return moved

    async def _move(self, organisation: Organisation, ids: Sequence[StepId]) -> int:
        if len(ids) > 1:
            acts = [partial(look_at, id=id) for id in ids]
            try:
                return sum(await self._units.write_each(organisation, acts))
            except Exception:  # noqa: BLE001, S110 (which of them it was shows itself when each is looked at alone)
                pass
        return sum([await self._move_one(organisation, id) for id in ids])

    async def _move_one(self, organisation: Organisation, id: StepId) -> bool:
        try:
            return await self._units.write(organisation, partial(look_at, id=id))
        except StoreUnavailable:
            self._lost(id)
            return False
        except Exception:  # noqa: BLE001 (one bad step must not stop the clock for all behind it)
            self._lost(id)
        ways = (setbacks.step_failed, setbacks.to_nobody, setbacks.put_back)
        return await self._go_on(organisation, *(partial(way, id=id) for way in ways))

    async def _go_on(self, organisation: Organisation, *ways: Callable[[UnitOfWork], None]) -> bool:
        """Go on in the first way that works, each asking less than the one before; failing all, the lease holds."""
        for way in ways:
            if await self._units.worked(organisation, way):
                return True
        return False


def in_parts(
    claimed: Sequence[tuple[OrganisationId, Step]], most: int
) -> list[tuple[OrganisationId, list[StepId]]]:
    """The ids of steps by organisation, at most so many together, in the order of the first of each part."""
    parts: list[tuple[OrganisationId, list[StepId]]] = []
    begun: dict[OrganisationId, list[StepId]] = {}
    for organisation, step in claimed:
        ids = begun.get(organisation)
        if ids is None or len(ids) >= most:
            ids = begun[organisation] = []
            parts.append((organisation, ids))
        ids.append(step.id)
    return parts
