"""What one measurement came to, and when it is bad enough to fail a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median

SLACK = 0.7
"""A shared machine is noisy: only a ratio worse than its goal by more than 30 % fails."""


class Verdict(Enum):
    """How a ratio stands to its goal."""

    MET = "met"
    """As good as the goal, or better."""
    CLOSE = "missed, within 30 %"
    """Worse than the goal, by less than a noisy machine may explain."""
    MISSED = "MISSED"
    """Worse by more; the run fails."""
    NONE = "no goal"
    """Shown beside the others for comparison."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a ratio should lie: at least `bound`, or at most."""

    bound: float
    at_least: bool

    def verdict(self, ratio: float) -> Verdict:
        """How a ratio stands."""
        if ratio >= self.bound if self.at_least else ratio <= self.bound:
            return Verdict.MET
        edge = self.bound * SLACK if self.at_least else self.bound / SLACK
        within = ratio >= edge if self.at_least else ratio <= edge
        return Verdict.CLOSE if within else Verdict.MISSED

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


def at_least(bound: float) -> Goal:
    """A ratio that should not be smaller."""
    return Goal(bound, at_least=True)


def at_most(bound: float) -> Goal:
    """A ratio that should not be larger."""
    return Goal(bound, at_least=False)


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table. Subject and anchor are medians in `unit`; the ratio is the median of the pairs."""

    name: str
    unit: str
    subject: float
    anchor: float
    against: str
    """What the anchor is."""
    ratio: float
    goal: Goal | None

    @property
    def verdict(self) -> Verdict:
        """How it stands to the goal."""
        return Verdict.NONE if self.goal is None else self.goal.verdict(self.ratio)


@dataclass(frozen=True, slots=True)
class Pair:
    """Subject and anchor, measured one right after the other."""

    subject: float
    anchor: float


def result(
    name: str, unit: str, against: str, pairs: Sequence[Pair], goal: Goal | None = None, *, rate: bool = False
) -> Result:
    """The medians of some pairs.

    The ratio is subject to anchor. With `rate` the pairs are costs and the ratio is one of throughput, so it is
    anchor to subject.
    """
    ratios = [pair.anchor / pair.subject if rate else pair.subject / pair.anchor for pair in pairs]
    return Result(
        name,
        unit,
        median(pair.subject for pair in pairs),
        median(pair.anchor for pair in pairs),
        against,
        median(ratios),
        goal,
    )
