"""The troubles of one town, drawn from its seed: what goes wrong, when, and for how long."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from tests.simulator.platforms import Shape

WORKSPACES = ("T1", "tenant-1")
OUTAGE_HOURS = (0.2, 1, 3, 8, 24, 72)


class Kind(Enum):
    """What can go wrong."""

    OUTAGE = "outage"
    SLOW = "slow answers"
    KILL_STATEMENT = "kill at a statement"
    KILL_COMMIT = "kill before a commit"
    KILL_COMMITTED = "kill after a commit"
    KILL_YES = "kill after the platform's yes"
    STORE_AWAY = "store away"
    STORE_AWAY_AFTER_YES = "store away after the platform's yes"
    CUT = "connections ended by the server"
    RESTART = "server stopped hard"
    JUMP = "clock jump"
    BACKUP = "backup"
    RESTORE = "restore"
    PAUSED_WORKER = "worker paused past its lease"
    WRONG_ADDRESS = "empty database beside the keys"
    AHEAD = "retention by a clock that is ahead"
    LEAVES = "somebody leaves"
    LEAVE = "somebody goes on leave"
    ROLE_ENDED = "a role ends"
    ASKS = "several ask for support at once"
    CALLS = "a call for safety"
    WISHES = "somebody asks to be erased"
    STANDS_STILL = "the machine is off for days"


KILLS = (Kind.KILL_STATEMENT, Kind.KILL_COMMIT, Kind.KILL_COMMITTED, Kind.KILL_YES)
OF_SERVERS = (Kind.CUT, Kind.RESTART)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that goes wrong."""

    at: datetime
    kind: Kind
    lasts: timedelta = timedelta()
    workspace: str = ""
    shape: Shape | None = None
    number: int = 0
    """At which statement, commit or message, or which person."""
    by: timedelta = timedelta()
    """How far the clock jumps."""


def drawn(
    chance: random.Random, begin: datetime, weeks: int, *, postgresql: bool, only: tuple[Kind, ...] = ()
) -> list[Trouble]:
    """What goes wrong in a town, in order of time."""
    end = begin + timedelta(weeks=weeks)
    span = end - begin - timedelta(days=8)
    found: list[Trouble] = []

    def times(kind: Kind, a_month: float) -> list[datetime]:
        if only and kind not in only:
            return []
        whole, rest = divmod(a_month * weeks / 4.3, 1)
        count = int(whole) + (chance.random() < rest)
        return [begin + timedelta(days=1) + span * chance.random() for _ in range(count)]

    for kind, a_month in ((one, 8.0) for one in KILLS):
        found += [Trouble(at, kind, number=chance.randrange(40)) for at in times(kind, a_month)]
    for at in times(Kind.OUTAGE, 3.0):
        lasts = timedelta(hours=chance.choice(OUTAGE_HOURS))
        shape = chance.choice(tuple(Shape))
        found.append(Trouble(at, Kind.OUTAGE, lasts, chance.choice(WORKSPACES), shape))
    found += [Trouble(at, Kind.SLOW, timedelta(hours=6)) for at in times(Kind.SLOW, 1)]
    for kind in (Kind.STORE_AWAY, Kind.STORE_AWAY_AFTER_YES):
        found += [Trouble(at, kind, timedelta(minutes=chance.choice((1, 10, 90)))) for at in times(kind, 1.0)]
    for at in times(Kind.JUMP, 0.7):
        by = timedelta(days=chance.choice((-40, -3, 3, 30, 90)), hours=chance.randrange(24))
        found.append(Trouble(at, Kind.JUMP, timedelta(hours=chance.choice((0.1, 1, 5))), by=by))
    for at in times(Kind.RESTORE, 0.7):
        ago = timedelta(hours=chance.choice((2, 20, 90)))
        found += [Trouble(max(begin, at - ago), Kind.BACKUP), Trouble(at, Kind.RESTORE)]
    for kind, a_month in (
        (Kind.PAUSED_WORKER, 0.6), (Kind.WRONG_ADDRESS, 0.7), (Kind.AHEAD, 0.7), (Kind.LEAVES, 0.5),
        (Kind.LEAVE, 1.0), (Kind.ROLE_ENDED, 0.3),
    ):  # fmt: skip
        found += [Trouble(at, kind, number=chance.randrange(1000)) for at in times(kind, a_month)]
    for kind, a_month in ((Kind.ASKS, 1.0), (Kind.CALLS, 1.5), (Kind.WISHES, 0.5)):
        found += [Trouble(at, kind, number=chance.randrange(1000)) for at in times(kind, a_month)]
    if postgresql:
        found += [Trouble(at, Kind.CUT, number=chance.randrange(40)) for at in times(Kind.CUT, 2)]
        found += [Trouble(at, Kind.RESTART, number=chance.randrange(40)) for at in times(Kind.RESTART, 1.5)]
    return sorted(found, key=lambda one: (one.at, one.kind.value))
