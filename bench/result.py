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
    CLOSE = "missed"
    """Worse than the goal, and no worse than what was held before by more than a noisy machine may explain."""
    MISSED = "MISSED"
    """Worse than what was held before by more; the run fails."""
    NONE = "no goal"
    """Shown beside the others for comparison."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a ratio should lie: at least `bound`, or at most. What is `held` already may not be lost again."""

    bound: float
    at_least: bool
    held: float | None
    """The goal that was met once, from which a miss by more than 30 % fails the run; None for one that never was."""

    def verdict(self, ratio: float) -> Verdict:
        """How a ratio stands."""
        if self._fits(ratio, self.bound):
            return Verdict.MET
        if self.held is None:
            return Verdict.CLOSE
        edge = self.held * SLACK if self.at_least else self.held / SLACK
        return Verdict.CLOSE if self._fits(ratio, edge) else Verdict.MISSED

    def said(self, ratio: float) -> str:
        """The verdict, and where it is missed by how much."""
        verdict = self.verdict(ratio)
        if verdict is Verdict.MET:
            return str(verdict.value)
        if self.at_least:
            return f"{verdict.value}: {ratio / self.bound:.0%} of it"
        return f"{verdict.value}: {ratio / self.bound:.2g} times it"

    def _fits(self, ratio: float, bound: float) -> bool:
        return ratio >= bound if self.at_least else ratio <= bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


def at_least(bound: float) -> Goal:
    """A ratio that should not be smaller, and is not."""
    return Goal(bound, at_least=True, held=bound)


def at_most(bound: float) -> Goal:
    """A ratio that should not be larger, and is not."""
    return Goal(bound, at_least=False, held=bound)


def aim_at_least(bound: float, *, held: float | None = None) -> Goal:
    """A ratio that should not be smaller, on the way from what is `held`."""
    return Goal(bound, at_least=True, held=held)


def aim_at_most(bound: float, *, held: float | None = None) -> Goal:
    """A ratio that should not be larger, on the way from what is `held`."""
    return Goal(bound, at_least=False, held=held)


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

    @property
    def said(self) -> str:
        """The verdict in words, and where the goal is missed by how much."""
        return str(Verdict.NONE.value) if self.goal is None else self.goal.said(self.ratio)


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
