"""Goes to the organisations in which something is to be looked at, and to no other; each look says when the next is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from functools import partial

from trim_bot.app.clock.failures import Units
from trim_bot.app.people.looking_again import look_again
from trim_bot.app.seam.work import UnitOfWork
from trim_bot.domain.errors import EachInTurn
from trim_bot.domain.looks import ClockLook
from trim_bot.domain.site import Organisation
from trim_bot.domain.zones import at_local

Act = Callable[[Organisation], Awaitable[object]]


class Looking:
    """`lost` is told the opaque id of an organisation in which a look failed; it stays due, and comes again."""

    def __init__(self, units: Units, lost: Callable[[str], object]) -> None:
        self._units = units
        self._lost = lost

    async def each(self, look: ClockLook, act: Act, *, everywhere: bool = False) -> None:
        """Do something in every organisation in which `look` is due, or `everywhere`: one in which it fails stops no
        other.

        `act` says when the next look is, in the transaction that ends it. Raises StoreUnavailable once all have had
        their turn, or at once when the store stays away.
        """
        each = EachInTurn()
        due = (await self._units.organisations()).values() if everywhere else await self._units.due(look)
        for organisation in due:
            with each.turn(partial(self._lost, organisation.id)):
                await act(organisation)
        each.tell()

    async def every(self, *looks: Callable[[], Awaitable[None]]) -> None:
        """Several kinds of look, one after the other. None waits for the one before to go well: an organisation in
        which one fails each time would keep the others from everybody, for good. Raises as `each` does."""
        turns = [EachInTurn() for _ in looks]
        for each, look in zip(turns, looks, strict=True):
            with each.turn():
                await look()
        for each in turns:
            each.tell()

    async def in_one(self, look: ClockLook, body: Callable[[UnitOfWork], datetime | None]) -> None:
        """The same, in one transaction each. `body` tells when something is due next (UTC), if it knows."""

        def looked(work: UnitOfWork) -> None:
            again(work, look, body(work))

        await self.each(look, lambda organisation: self._units.write(organisation, looked))


def again(work: UnitOfWork, look: ClockLook, at: datetime | None = None) -> None:
    """Note that a look is over, and when the next is: at a time that is known (UTC), or in its own."""
    look_again(work.tx, look, work.now, at)


def next_midnight(work: UnitOfWork) -> datetime:
    """When the next day begins at the site (UTC): until then neither a week nor a period closes."""
    zone = work.zone_of(None)
    tomorrow = work.now.astimezone(zone).date() + timedelta(days=1)
    return at_local(tomorrow, time(), zone.key)
