"""Faults that were once in the product, each planted again by one small change, to see the simulator find it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from tests.simulator import faults
from tests.simulator.findings import Rule
from tests.simulator.platforms import Shape
from tests.simulator.troubles import Kind, Trouble
from tests.simulator.world_time import BEGIN
from trim_bot.app.clock import clockwork

Change = Callable[[], faults.Change]


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
    small: bool = False
    """Whether the town has a handful of people."""


def _days(kind: Kind, *days: int, hours: float = 3, lasts: float = 0, by: int = 0) -> tuple[Trouble, ...]:
    """The same trouble on several days of a town, some hours after seven in the morning UTC, for so many minutes."""
    return tuple(
        Trouble(
            BEGIN + timedelta(days=day, hours=hours), kind, timedelta(minutes=lasts), by=timedelta(days=by)
        )
        for day in days
    )


def _at(day: int, hour: float, kind: Kind, **more: Any) -> Trouble:
    """One trouble on a day of a town, some hours after seven in the morning UTC."""
    return Trouble(BEGIN + timedelta(days=day, hours=hour), kind, **more)


PLANTS: Mapping[str, Plant] = {
    "told when queued": Plant(faults.told_at_once, 6, Rule.PASSED_OVER, only=(Kind.OUTAGE,)),
    "hours are not looked at": Plant(faults.always_open, 1, Rule.HOURS, (), weeks=1, small=True),
    "what a wrong clock put off stays there": Plant(
        lambda: patch.object(clockwork, "too_far", lambda work: []),
        3,
        Rule.SILENT,
        _days(Kind.JUMP, 3, 8, 10, lasts=300, by=90),
        weeks=2,
    ),
    "a yes that was not saved is forgotten": Plant(
        faults.forgets_what_was_sent,
        3,
        Rule.DOUBLED,
        _days(Kind.STORE_AWAY_AFTER_YES, *range(4, 14), hours=0, lasts=1),
        weeks=2,
    ),
    "a restore brings back what was taken back": Plant(
        faults.brings_back,
        13,
        Rule.TAKEN_BACK,
        (*_days(Kind.BACKUP, 2), *_days(Kind.RESTORE, 9)),
        weeks=2,
        small=True,
    ),
    "another event brings no conversations": Plant(
        faults.brings_no_conversations, 10, Rule.FOLLOW_UP, (), weeks=2, small=True
    ),
    "another event moves the month": Plant(
        faults.moves_the_month, 2, Rule.FOLLOW_UP, (), weeks=2, small=True
    ),
    "unused keys go by the clock": Plant(
        faults.unused_keys_go_by_the_clock,
        1,
        Rule.KEYS,
        (_at(1, 3, Kind.ASKS), _at(1, 3, Kind.AHEAD), _at(1, 3, Kind.ASKS)),
        weeks=1,
        small=True,
    ),
    "a taken key goes before its record comes": Plant(
        faults.taken_keys_go_at_once,
        1,
        Rule.KEYS,
        (_at(1, 3, Kind.ASKS), _at(1, 3, Kind.AHEAD, by=timedelta(seconds=1)), _at(1, 3, Kind.ASKS)),
        weeks=1,
        small=True,
    ),
    "each thing that waits is written of": Plant(
        faults.a_message_for_each_thing, 2, Rule.DOUBLED, (), weeks=2, small=True
    ),
    "a late message of the day is another one": Plant(
        faults.late_is_another,
        1,
        Rule.DOUBLED,
        (_at(7, 6.4, Kind.STANDS_STILL, lasts=timedelta(days=1)),),
        weeks=2,
        small=True,
    ),
    "a call for safety waits for a dead platform": Plant(
        faults.only_the_first_way,
        12,
        Rule.NOT_TOLD,
        (
            _at(3, 1, Kind.OUTAGE, lasts=timedelta(days=2), workspace="T1", shape=Shape.BROKEN),
            *(_at(3, hour, Kind.CALLS) for hour in (2, 3, 4)),
        ),
        weeks=1,
        small=True,
    ),
    "nobody's room is looked at": Plant(
        faults.no_limit,
        11,
        Rule.ROOM,
        tuple(_at(day, 2, Kind.ASKS) for day in range(1, 8)),
        weeks=2,
        small=True,
    ),
    "after a yes nobody gets in touch": Plant(
        faults.nobody_gets_in_touch, 6, Rule.FOLLOW_UP, (), weeks=1, small=True
    ),
    "keeping counts from the beginning": Plant(
        faults.kept_from_its_beginning,
        1,
        Rule.KEPT,
        (_at(1, 2, Kind.ASKS), _at(2, 2, Kind.ASKS), _at(8, 0, Kind.STANDS_STILL, lasts=timedelta(days=23))),
        weeks=5,
        small=True,
    ),
    "a week is on track although something stood in it": Plant(
        faults.forgets_what_stands, 9, Rule.WEEK, (), weeks=3, small=True
    ),
    "their page leaves out what climbed from its holder": Plant(
        faults.climbed_is_gone, 1, Rule.SHOWN, (), weeks=2, small=True
    ),
    "a page puts late work anywhere": Plant(faults.late_is_nothing, 1, Rule.SHOWN, (), weeks=2, small=True),
    "the board shows whom the lead manages": Plant(
        faults.shows_whom_she_manages, 2, Rule.SHOWN, (), weeks=2, small=True
    ),
    "what has gone past everybody ends": Plant(faults.gives_up, 1, Rule.ENDED, (), weeks=2, small=True),
    "the ladder does not climb": Plant(faults.never_climbs, 1, Rule.ENDED, (), weeks=2, small=True),
    "a wish to be erased is forgotten": Plant(
        faults.forgets_a_wish, 1, Rule.ERASED, (_at(1, 2, Kind.WISHES),), weeks=1, small=True
    ),
}
