"""Faults that were once in the product, each planted again by one small change, to see the simulator find it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from tests.simulator.findings import Rule
from tests.simulator.troubles import Kind, Trouble
from tests.simulator.world_time import BEGIN
from trim_bot.app.cases import opening
from trim_bot.app.clock import clockwork
from trim_bot.app.clock.sending import SentMemory
from trim_bot.app.waiting import due, hours
from trim_bot.app.waiting import pending as waits
from trim_bot.bootstrap import for_commands
from trim_bot.domain.revocations import RestoredRevocations
from trim_bot.domain.steps import StepState

Change = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Plant:
    """One fault: how it is planted, a seed that finds it, which troubles it needs, and which rules tell of it."""

    change: Change
    seed: int
    told_by: Rule
    coming: tuple[Trouble, ...] | None = None
    """What goes wrong in the town; None for what its seed draws, of the kinds in `only`."""
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


async def _forgets(memory: Any, letter: Any, handle: str) -> None:
    """What a platform took and could not be marked is not remembered."""
    await memory._marked(letter, handle)


async def _nothing_again(*_: Any) -> RestoredRevocations:
    """A restore leaves what was taken back since the backup as the backup had it."""
    return RestoredRevocations()


def _days(kind: Kind, *days: int, hours: float = 3, lasts: float = 0, by: int = 0) -> tuple[Trouble, ...]:
    """The same trouble on several days of a town, some hours after seven in the morning UTC, for so many minutes."""
    return tuple(
        Trouble(
            BEGIN + timedelta(days=day, hours=hours), kind, timedelta(minutes=lasts), by=timedelta(days=by)
        )
        for day in days
    )


PLANTS: Mapping[str, Plant] = {
    "told when queued": Plant(_told_at_once, 5, Rule.PASSED_OVER, only=(Kind.OUTAGE,)),
    "hours are not looked at": Plant(_always_open, 3, Rule.HOURS, (), weeks=1),
    "what a wrong clock put off stays there": Plant(
        lambda: patch.object(clockwork, "too_far", lambda work: []),
        3,
        Rule.SILENT,
        _days(Kind.JUMP, 3, 8, 10, lasts=300, by=90),
        weeks=2,
    ),
    "a yes that was not saved is forgotten": Plant(
        lambda: patch.object(SentMemory, "mark", _forgets),
        3,
        Rule.DOUBLED,
        _days(Kind.STORE_AWAY_AFTER_YES, *range(4, 14), hours=0, lasts=1),
        weeks=2,
    ),
    "a restore brings back what was taken back": Plant(
        lambda: patch.object(for_commands, "reapply_revocations", _nothing_again),
        10,
        Rule.TAKEN_BACK,
        (*_days(Kind.BACKUP, 2), *_days(Kind.RESTORE, 9)),
        weeks=2,
    ),
    "another event brings no conversations": Plant(
        lambda: patch.object(opening, "another_exposure", lambda *_, **__: ()),
        10,
        Rule.FOLLOW_UP,
        (),
        weeks=3,
    ),
}
