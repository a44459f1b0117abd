"""Faults that were once in the product, each planted again by one small change, to see the simulator find it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from tests.simulator.findings import Rule
from tests.simulator.troubles import Kind
from trim_bot.app import due, far_ahead, hours, sent_memory, waits
from trim_bot.domain.steps import Rung, StepState
from trim_bot.storage import claims, restore

Change = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Plant:
    """One fault: how it is planted, a seed that finds it, which troubles it needs, and which rules tell of it."""

    change: Change
    seed: int
    told_by: frozenset[Rule]
    only: tuple[Kind, ...] = ()
    weeks: int = 4
    database: str = "sqlite"


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


@contextmanager
def _nobody_owns() -> Iterator[None]:
    """A step that climbs keeps no holder."""
    really = waits.pass_to

    def pass_to(work: Any, step: Any, rung: Any, holder: Any) -> Any:
        return really(work, step, rung, None if rung is Rung.COVER else holder)

    with patch.object(waits, "pass_to", pass_to):
        yield


def _always_open() -> AbstractContextManager[Any]:
    """Nobody's hours are looked at."""
    return patch.object(hours, "next_open", lambda calendar, instant: instant)


def _not_marked() -> AbstractContextManager[Any]:
    """What was sent while the mark could not be kept is forgotten."""

    async def mark(self: Any, letter: Any, handle: str) -> None:
        await self._marked(letter, handle)

    return patch.object(sent_memory.SentMemory, "mark", mark)


PLANTS: Mapping[str, Plant] = {
    "told when queued": Plant(_told_at_once, 1, frozenset({Rule.PASSED_OVER}), (Kind.OUTAGE,)),
    "several messages a moment": Plant(
        lambda: patch.object(waits, "_is_queued", lambda *_, **__: False),
        1,
        frozenset({Rule.DOUBLED}),
        (Kind.SLOW,),
    ),
    "a sent message is not remembered": Plant(
        _not_marked, 1, frozenset({Rule.DOUBLED}), (Kind.STORE_AWAY_AFTER_YES,)
    ),
    "hours are not looked at": Plant(_always_open, 1, frozenset({Rule.HOURS}), (Kind.LEAVE,)),
    "a step climbs to nobody in particular": Plant(_nobody_owns, 1, frozenset({Rule.OWNER}), (Kind.LEAVE,)),
    "a lease in the future is kept": Plant(
        lambda: patch.object(claims, "LONGEST_LEASE", timedelta(days=1000)),
        1,
        frozenset({Rule.NOT_TOLD, Rule.SILENT}),
        (Kind.JUMP, Kind.OUTAGE),
        8,
    ),
    "what a wrong clock put off stays so": Plant(
        lambda: patch.object(far_ahead, "too_far", lambda work: []),
        1,
        frozenset({Rule.SILENT}),
        (Kind.JUMP,),
        8,
    ),
    "a restore does not erase again": Plant(
        lambda: patch.object(restore, "_erase_again", lambda *_: None),
        1,
        frozenset({Rule.ERASED, Rule.KEYS, Rule.CLOSED}),
        (Kind.BACKUP, Kind.RESTORE),
        8,
    ),
}
