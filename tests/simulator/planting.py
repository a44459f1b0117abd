"""Faults that were once in the product, each planted again by one small change, to see the simulator find it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from tests.simulator.findings import Rule
from tests.simulator.troubles import Kind
from trim_bot.app.waiting import due, hours
from trim_bot.app.waiting import pending as waits
from trim_bot.domain.steps import StepState

Change = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Plant:
    """One fault: how it is planted, a seed that finds it, which troubles it needs, and which rules tell of it."""

    change: Change
    seed: int
    told_by: frozenset[Rule]
    only: tuple[Kind, ...] = ()
    weeks: int = 4


@contextmanager
def _told_at_once() -> Iterator[None]:
    """A step counts as told when its message is queued, so that the ladder climbs while the platform is away."""
    really = waits.tell

    def tell(work: Any, member: Any, step: Any, *more: Any) -> None:
        really(work, member, step, *more)
        if step is not None and step.state is StepState.WAITING:
            work.tx.save(replace(step, state=StepState.TOLD))

    def look_again(work: Any, step: Any, at: Any) -> None:
        now = work.tx.get(type(step), step.id)
        work.tx.save(replace(now, due_at=at, failures=0, lease_until=None))

    with patch.object(waits, "tell", tell), patch.object(due, "_look_again", look_again):
        yield


def _always_open() -> AbstractContextManager[Any]:
    """Nobody's hours are looked at."""
    return patch.object(hours, "next_open", lambda calendar, instant: instant)


PLANTS: Mapping[str, Plant] = {
    "told when queued": Plant(_told_at_once, 2, frozenset({Rule.PASSED_OVER}), (Kind.OUTAGE,)),
    "hours are not looked at": Plant(_always_open, 1, frozenset({Rule.HOURS}), (Kind.LEAVE,)),
}
