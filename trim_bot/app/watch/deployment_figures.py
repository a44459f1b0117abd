"""What the beats of all processes tell in figures: ages, and how sending fails; nothing of how much waits for whom.

How late the oldest step is stands in no figure: with one step due, that is one person's time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from trim_bot.domain.outages import Outage
from trim_bot.domain.process_beats import Pulse


@dataclass(frozen=True, slots=True)
class DeploymentFigures:
    """Ages in seconds; None where there is none."""

    backup_age: float | None = None
    beat_ages: Mapping[str, float] = field(default_factory=dict)
    """By role: how long ago the process that did last has done all it had to."""
    send_minutes: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    """By platform and outcome."""
    outages: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    """By part and cause: how long it lasts."""


def deployment_figures(pulse: Pulse, passed: timedelta, wrong: tuple[Outage, ...]) -> DeploymentFigures:
    """The figures `passed` after the pulse was taken. `wrong` is what is out of order."""
    now = pulse.at + passed
    works, answers = pulse.newest(lambda role: role.works), pulse.newest(lambda role: role.answers)
    newest = {"worker": works, "web": answers}
    sends: Counter[tuple[str, ...]] = Counter()
    for beat in pulse.alive(lambda role: True):
        for platform, outcome, count in beat.sends:
            sends[platform, outcome] += count
    return DeploymentFigures(
        backup_age=(now - pulse.backup_at).total_seconds() if pulse.backup_at is not None else None,
        beat_ages={
            role: max(0.0, (now - beat.worked_at).total_seconds())
            for role, beat in newest.items()
            if beat is not None
        },
        send_minutes=sends,
        outages={
            (one.part.value, one.cause): max(0.0, (now - one.began_at).total_seconds()) for one in wrong
        },
    )
