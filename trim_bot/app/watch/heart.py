"""Lets this process show that it is at work, and notices when nobody does what is due any more."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Protocol

from trim_bot.app.watch.deployment_figures import DeploymentFigures, deployment_figures
from trim_bot.app.watch.outages import Outages
from trim_bot.app.watch.sends import SendMinutes
from trim_bot.domain.ids import new_id
from trim_bot.domain.outages import CLOCK_STOPPED, WEB_GONE, WORKER_GONE, Outage, OutagePart
from trim_bot.domain.process_beats import GONE_AFTER, Beat, Doing, ProcessRole, Pulse, merged

BEAT_SECONDS = 15
"""How often a process should beat."""
BLIND_SECONDS = 60.0
"""Whoever could not look for so long, since the database was away, gives the others their time anew."""
CLOSE = timedelta(seconds=20)
"""Clocks that differ by less are taken as one: asking takes its time too."""
WORKER = "trim-bot worker"
WEB = "trim-bot serve"
"""What to start."""
PACKAGE = "trim-bot"


class Beats(Protocol):
    """Where beats are kept. Raises StoreUnavailable."""

    async def put(self, beat: Beat, age: timedelta, up: timedelta) -> Pulse:
        """Keep the beat of a process that did all it had to `age` ago and started `up` ago; gives every beat."""
        ...


class Heart:
    """The beats of one process. `beat_age` gives the seconds since it last did all that it had to."""

    def __init__(
        self,
        beats: Beats,
        role: ProcessRole,
        beat_age: Callable[[], float],
        outages: Outages,
        sends: SendMinutes,
        monotonic: Callable[[], float] = time.monotonic,
        real: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sends = sends
        self._beats = beats
        self._role = role
        self._beat_age = beat_age
        self._outages = outages
        self._monotonic = monotonic
        self._real = real
        self._id = new_id()
        self._version = version(PACKAGE)
        self._started = monotonic()
        self._looked: float | None = None
        self._worker_seen = self._started
        self._web_seen = self._started
        self.database_ahead = timedelta()
        """By how much the database's clock is ahead of this machine's; nothing where they agree well enough."""
        self.pulse = Pulse(datetime.now(UTC))
        """Every beat of the deployment, as it was when this process beat last."""

    async def beat(self) -> None:
        """Show that this process is at work, and see who else is. Raises StoreUnavailable."""
        age = self._beat_age()
        self.pulse = await self._put(age)
        now = self._monotonic()
        blind = self._looked is None or now - self._looked > BLIND_SECONDS
        self._looked = now
        self._worker_seen = self._seen(self._worker_seen, lambda role: role.works, now, blind=blind)
        self._web_seen = self._seen(self._web_seen, lambda role: role.answers, now, blind=blind)
        if self.worker_gone:
            self._outages.began(OutagePart.WORKER, WORKER_GONE, WORKER, seconds=now - self._worker_seen)
        else:
            self._outages.went_well(OutagePart.WORKER)
        if self.web_gone:
            self._outages.began(OutagePart.WEB, WEB_GONE, WEB, seconds=now - self._web_seen)
        else:
            self._outages.went_well(OutagePart.WEB)
        if age > GONE_AFTER.total_seconds():
            self._outages.began(OutagePart.CLOCK, CLOCK_STOPPED, seconds=age)
        else:
            self._outages.went_well(OutagePart.CLOCK)

    async def end(self) -> None:
        """Say that this process is stopped in order, if it ever beat. Raises StoreUnavailable."""
        if self._looked is not None:
            self.pulse = await self._put(self._beat_age(), ended=True)

    def wrong(self) -> tuple[Outage, ...]:
        """What is wrong now and since when, in the whole deployment: found here, or by another process at work."""
        return merged((*self.own(), *self.pulse.outages(but=self._id)))

    def own(self) -> tuple[Outage, ...]:
        """What this process finds wrong, by the database's clock as it was met last."""
        found = self._outages.now()
        return tuple(replace(one, began_at=one.began_at + self.database_ahead) for one in found)

    def figures(self) -> DeploymentFigures:
        """What all of it says in figures, now."""
        passed = self._monotonic() - self._looked if self._looked is not None else 0.0
        return deployment_figures(self.pulse, timedelta(seconds=passed), self.wrong())

    @property
    def worker_gone(self) -> bool:
        """Whether nobody has done what is due for too long, neither this process nor another."""
        away = self._monotonic() - self._worker_seen
        return not self._role.works and away > GONE_AFTER.total_seconds()

    @property
    def web_gone(self) -> bool:
        """Whether nobody has answered people for too long, where somebody once did."""
        away = self._monotonic() - self._web_seen
        ever = self.pulse.newest(lambda role: role.answers) is not None
        return ever and not self._role.answers and away > GONE_AFTER.total_seconds()

    def _seen(self, before: float, doing: Doing, now: float, *, blind: bool) -> float:
        """When one of the processes meant was at work last; whoever could not look gives them their time anew."""
        newest = next(iter(self.pulse.alive(doing)), None)
        ago = None if newest is None else max(0.0, self.pulse.age(newest).total_seconds())
        return max(before, now if blind else before, before if ago is None else now - ago)

    async def _put(self, age: float, *, ended: bool = False) -> Pulse:
        real = self._real()
        beat = Beat(
            self._id,
            self._role,
            self._version,
            real,
            real,
            ended=ended,
            outages=self._outages.now(),
            sends=tuple((*way, count) for way, count in sorted(self._sends.counts().items())),
        )
        up = self._monotonic() - self._started
        pulse = await self._beats.put(beat, timedelta(seconds=age), timedelta(seconds=up))
        ahead = pulse.at - real
        self.database_ahead = timedelta() if abs(ahead) < CLOSE else ahead
        return pulse
