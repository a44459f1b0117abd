"""What every chat platform is given: one policy for its way out, who hears what its clock says, and the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from integrations.ground.outgoing_calls import OutgoingCalls
from trim_bot.app.seam.gestures import Actor, Gesture
from trim_bot.app.seam.ports import TimeWitness
from trim_bot.app.seam.views import View
from trim_bot.bootstrap import clock
from trim_bot.domain.chat_workspaces import UnreachableWorkspace
from trim_bot.domain.errors import StoreUnavailable

if TYPE_CHECKING:
    from trim_bot.app.seam.ports import DeskLike


@dataclass(frozen=True, slots=True)
class Chats:
    """The ways out of one process, shared by its platforms."""

    ways: OutgoingCalls
    witness: TimeWitness

    def heard_from(self, source: str) -> Callable[[datetime], None]:
        """What to tell the time of one platform's answers."""
        return partial(self.witness.heard, source)

    def away(self) -> tuple[UnreachableWorkspace, ...]:
        """The workspaces known to be away, the longest away first. Asks nobody."""
        return self.ways.away()


def open_chats(witness: TimeWitness) -> Chats:
    """The ways out, all of them open."""
    return Chats(OutgoingCalls(lambda: clock.steady()), witness)


class LateDesk:
    """Stands for the desk until it is made: the desk needs the messenger, and the adapter needs the desk."""

    def __init__(self) -> None:
        self._desk: DeskLike | None = None

    def become(self, desk: DeskLike) -> None:
        """From now on, be this desk."""
        self._desk = desk

    async def receive(self, actor: Actor, gesture: Gesture) -> View:
        """Answer a gesture. Raises StoreUnavailable before there is a desk."""
        if self._desk is None:
            raise StoreUnavailable
        return await self._desk.receive(actor, gesture)
