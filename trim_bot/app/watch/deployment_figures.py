"""What the beats of all processes tell in figures: ages, and how sending goes; nothing of how much waits for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from trim_bot.domain.outages import Outage
from trim_bot.domain.process_beats import Pulse

LEAST_LATE = 60.0
"""What is late by less is not late: while all goes well, no figure tells when something became due."""


@dataclass(frozen=True, slots=True)
class DeploymentFigures:
    """Ages in seconds; None where there is none."""

    backup_age: float | None = None
    step_age: float | None = None
    message_age: float | None = None
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
    late = works.late if works is not None else (None, None)
    # While nobody works, what was late becomes later.
    since = now - works.worked_at if works is not None and not pulse.is_alive(works) else timedelta()
    sends: Counter[tuple[str, ...]] = Counter()
    for beat in pulse.alive(lambda role: True):
        for platform, outcome, count in beat.sends:
            sends[platform, outcome] += count
    return DeploymentFigures(
        backup_age=(now - pulse.backup_at).total_seconds() if pulse.backup_at is not None else None,
        step_age=_late(late[0], since),
        message_age=_late(late[1], since),
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


def _late(seconds: float | None, since: timedelta) -> float:
    late = seconds + since.total_seconds() if seconds is not None else 0.0
    return late if late >= LEAST_LATE else 0.0
