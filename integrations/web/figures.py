"""What `/metrics` tells of one process and of the deployment: ages and health, never a count of cases or people."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from trim_bot.app.watch.deployment_figures import DeploymentFigures
from trim_bot.domain.alerts import AlertKind
from trim_bot.locale.languages import missing

LACKING_STEP = 100
"""How often one sentence was shown would tell that somebody reads in its language now."""
KEYS_STEP = 1_000
"""Keys opened are told in whole steps: a rise by three in the night would be somebody's call."""
Labelled = Mapping[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class FiguresNow:
    """What is known at one moment. Ages in seconds; None where there is none."""

    ready: bool
    tick_age: float | None = None
    keys: tuple[int, int] = (0, 0)
    """How many data keys were opened, whatever for, and how often that was refused."""
    altered: int = 0
    """Records that were met and are not as they were written."""
    wrong: Collection[AlertKind] = ()
    """What the administrator is told of."""
    all: DeploymentFigures = field(default_factory=DeploymentFigures)
    """What is known of every process."""


class ProcessFigures(Collector):
    """Counted since the process started; with a registry of its own."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self.statuses: Counter[int] = Counter()
        self._shown = FiguresNow(ready=False)
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def text(self, shown: FiguresNow) -> str:
        """The figures in the text format that metric collectors read."""
        self._shown = shown
        return generate_latest(self._registry).decode()

    def collect(self) -> Iterator[Metric]:
        """Every figure there is."""
        shown, every = self._shown, self._shown.all
        yield _gauge("uptime_seconds", "Since this process started.", time.monotonic() - self._started)
        yield _gauge("ready", "1 while /readyz answers 200.", float(shown.ready))
        yield _gauge("altered_records", "Records met that are not as they were written.", shown.altered)
        troubles: Labelled = {(kind.value,): float(kind in shown.wrong) for kind in AlertKind}
        yield _gauges("trouble", "1 while the administrator is told of it.", ("kind",), troubles)
        yield _gauge("resident_bytes", "Memory of this process.", resident_bytes())
        statuses: Labelled = {(str(status),): count for status, count in self.statuses.items()}
        beats: Labelled = {(role,): age for role, age in every.beat_ages.items()}
        yield _counter("http_responses", "Answers, by status.", ("status",), statuses)
        opened = shown.keys[0] // KEYS_STEP * KEYS_STEP
        yield _counter("keys_opened", "Data keys opened, in whole thousands.", (), {(): opened})
        yield _counter("keys_held_back", "Refusals to open one more.", (), {(): shown.keys[1]})
        ages = (
            ("tick_age_seconds", "Since due work was last looked at here.", shown.tick_age),
            ("backup_age_seconds", "Since the last backup ended.", every.backup_age),
        )
        for name, told, age in ages:
            if age is not None:
                yield _gauge(name, told, age)
        yield _gauges("beat_age_seconds", "Since a process last worked.", ("role",), beats)
        yield _gauges("outage_seconds", "How long a part is out of order.", ("part", "cause"), every.outages)
        lacking: Labelled = {(code,): count // LACKING_STEP * LACKING_STEP for code, count in missing.items()}
        told_in_english = "Sentences shown in English for want of a translation, in whole hundreds."
        yield _counter("sentences_missing", told_in_english, ("language",), lacking)
        sends = "Minutes in which sending failed this way."
        yield _counter("send_minutes", sends, ("platform", "outcome"), every.send_minutes)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"trim_bot_{name}", told, value=value)


def _gauges(name: str, told: str, labels: tuple[str, ...], values: Labelled) -> Metric:
    made = GaugeMetricFamily(f"trim_bot_{name}", told, labels=labels)
    for label, value in sorted(values.items()):
        made.add_metric(label, value)
    return made


def _counter(name: str, told: str, labels: tuple[str, ...], values: Labelled) -> Metric:
    made = CounterMetricFamily(f"trim_bot_{name}", told, labels=labels)
    for label, value in sorted(values.items()):
        made.add_metric(label, value)
    return made


def resident_bytes() -> int:
    """Memory of this process that is in use now, in bytes; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
