"""Brings what one process finds, what others say in their beats, and what is looked at daily to whoever is told."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from trim_bot.app.watch.alert_conditions import Integrity, integrity_alerts, outage_alerts
from trim_bot.app.watch.alert_state import Judged
from trim_bot.app.watch.alerting import Alerting, SharedNotes
from trim_bot.app.watch.heart import Heart
from trim_bot.app.watch.outages import Outages
from trim_bot.domain.alerts import AdminAlert, AlertKind
from trim_bot.domain.outages import Outage, OutagePart
from trim_bot.domain.process_beats import GONE_AFTER

STANDING_SECONDS = 5 * 60.0
"""How often it is looked at what needs keys opened, or goes through every organisation."""
NEW_SECONDS = {
    AlertKind.STORE: 60.0,
    AlertKind.WORKER: GONE_AFTER.total_seconds() + 60.0,
    AlertKind.WEB: GONE_AFTER.total_seconds() + 60.0,
    AlertKind.PLATFORM: 15 * 60.0,
    AlertKind.KEYS_HELD_BACK: 60 * 60.0,
}
"""A process that has just started knows of no outage yet: only after so long it says that there is none."""
MET = frozenset({AlertKind.STORE, AlertKind.NOT_AS_WRITTEN, AlertKind.JOURNAL, AlertKind.CLOCK})
"""What a process can say to be in order only once it has looked."""
DAILY = frozenset(kind for kind in AlertKind if kind.grace is None)


@dataclass(frozen=True, slots=True)
class DailyLook:
    """What was found of what is looked at daily, and the kinds that could be looked at."""

    alerts: tuple[AdminAlert, ...] = ()
    judged: frozenset[AlertKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Sources:
    """Where it is seen what is wrong."""

    outages: Outages
    heart: Heart
    words: Callable[[Outage], str]
    """What an administrator reads of an outage."""
    met: Callable[[], Integrity]
    """What this process has met so far."""
    standing: Callable[[], Awaitable[DailyLook]]
    """What is looked at daily."""


class AlertWatch:
    """Looks at intervals. `monotonic` gives seconds; tests bring their own."""

    def __init__(
        self,
        alerting: Alerting,
        sources: Sources,
        notes: SharedNotes,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._alerting = alerting
        self._sources = sources
        self._notes = notes
        self._monotonic = monotonic
        self._began = monotonic()
        self._standing = DailyLook()
        self._stood_at: float | None = None

    async def look(self) -> None:
        """See what is wrong, and tell what has to be told."""
        now = self._monotonic()
        if self._stood_at is None or now - self._stood_at >= STANDING_SECONDS:
            self._standing = await self._sources.standing()
            self._stood_at = now
        met = self._sources.met()
        alerts = [
            *outage_alerts(self._known_outages(), self._sources.words),
            *integrity_alerts(met),
            *self._standing.alerts,
        ]
        self._alerting.database_ahead = self._sources.heart.database_ahead
        await self._alerting.look(alerts, self._judged(met, now), self._notes)

    def _judged(self, met: Integrity, now: float) -> Judged:
        new = {kind for kind, seconds in NEW_SECONDS.items() if now - self._began < seconds}
        always = (set(AlertKind) - DAILY - MET) | self._standing.judged
        every = {**dict.fromkeys(always, timedelta()), **met.judged}
        return {kind: age for kind, age in every.items() if kind not in new}

    def _known_outages(self) -> list[Outage]:
        """Those of this process, and those of every other one at work while the database tells of them."""
        own = list(self._sources.heart.own())
        if any(outage.part is OutagePart.DATA for outage in own):
            return own
        return list(self._sources.heart.wrong())
