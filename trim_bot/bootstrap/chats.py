"""What every chat platform is given: one policy for its way out, and who hears what its clock says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from integrations.ground.outgoing_calls import Heard, OutgoingCalls, nobody_hears
from trim_bot.app.clock import clocks
from trim_bot.app.seam.ports import TimeWitness
from trim_bot.domain.chat_workspaces import UnreachableWorkspace


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


def open_chats(witness: TimeWitness, heard: Heard = nobody_hears) -> Chats:
    """The ways out, all of them open; `heard` is told of each that is away."""
    return Chats(OutgoingCalls(lambda: clocks.steady(), heard=heard), witness)
