"""The last sign of life of each process of a deployment, and what follows from them about who is still at work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from trim_bot.domain.outages import Outage, OutagePart

GONE_AFTER = timedelta(minutes=5)
"""A process that has done nothing for so long counts as gone; one that starts gives the others the same time."""
AHEAD = timedelta(minutes=1)
"""A beat further in the future than this was written by a clock that was set back since: it proves no life."""
KEPT = timedelta(days=1)
"""The beats of processes that are gone are kept for so long."""
MOST_KEPT = 100
"""However often something starts and ends, no more beats than this are kept."""


class ProcessRole(Enum):
    """What a process does."""

    WEB = "web"
    """It answers people."""
    WORKER = "worker"
    """It does what is due."""
    BOTH = "both"
    """It does both, as the one process on SQLite does."""

    @property
    def answers(self) -> bool:
        """Whether it answers people."""
        return self is not ProcessRole.WORKER

    @property
    def works(self) -> bool:
        """Whether it does what is due."""
        return self is not ProcessRole.WEB


@dataclass(frozen=True, slots=True)
class Beat:
    """What one process said of itself last. All times are UTC, by the clock of the database where it has one."""

    process: str
    """An opaque id, new at each start."""
    role: ProcessRole
    version: str
    started_at: datetime
    worked_at: datetime
    """When it last did all that it had to, or when it started if it never did."""
    ended: bool = False
    """Whether it was stopped in order."""
    outages: tuple[Outage, ...] = ()
    """What it finds out of order."""
    sends: tuple[tuple[str, str, int], ...] = ()
    """Platform, outcome, and in how many minutes something went this way since it started."""


Doing = Callable[[ProcessRole], bool]
"""Which processes are meant."""


def merged(outages: Iterable[Outage]) -> tuple[Outage, ...]:
    """Each outage once, however many found it, with the earliest begin; the longest first."""
    found: dict[tuple[OutagePart, str, str], Outage] = {}
    for one in outages:
        key = (one.part, one.cause, one.look_at)
        found[key] = min(found.get(key, one), one, key=lambda outage: outage.began_at)
    return tuple(sorted(found.values(), key=lambda outage: outage.began_at))


@dataclass(frozen=True, slots=True)
class Pulse:
    """Every beat that is kept, and what the clock said that they are judged by."""

    at: datetime
    beats: tuple[Beat, ...] = ()
    backup_at: datetime | None = None
    """When the newest backup was made; None where there is none, or it was not asked for."""

    def age(self, beat: Beat) -> timedelta:
        """How long ago a process last did all that it had to."""
        return self.at - beat.worked_at

    def is_alive(self, beat: Beat) -> bool:
        """Whether a process is at work."""
        return not beat.ended and -AHEAD <= self.age(beat) <= GONE_AFTER

    def alive(self, doing: Doing) -> list[Beat]:
        """Those of the processes meant that are at work, the newest sign of life first."""
        return [beat for beat in self._of(doing) if self.is_alive(beat)]

    def newest(self, doing: Doing) -> Beat | None:
        """The last sign of life of any of the processes meant, at work or not; None if there never was one."""
        return next(iter(self._of(doing)), None)

    def outages(self, *, but: str = "") -> tuple[Outage, ...]:
        """What the processes at work find out of order, the longest first; the process `but` left out."""
        alive = [beat for beat in self.beats if self.is_alive(beat) and beat.process != but]
        return merged(outage for beat in alive for outage in beat.outages)

    def outdated(self) -> list[Beat]:
        """Beats that say nothing any more. The newest of each kind stays, so that it is known that there was one."""
        stay = {self.newest(lambda role: role.answers), self.newest(lambda role: role.works)}
        newest = self._of(lambda role: True)
        old = [beat for beat in newest if not self.is_alive(beat) and abs(self.age(beat)) > KEPT]
        return [beat for beat in {*old, *newest[MOST_KEPT:]} if beat not in stay]

    def _of(self, doing: Doing) -> list[Beat]:
        found = [beat for beat in self.beats if doing(beat.role)]
        return sorted(found, key=lambda beat: (self.is_alive(beat), beat.worked_at), reverse=True)
