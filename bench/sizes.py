"""How large the benchmarks are: as the goals say, or tiny, to see that each of them runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Counts of one run. A round measures subject and anchor once each."""

    rounds: int
    dispatches: int
    """Requests in one round of dispatch inside the process."""
    burst_seconds: float
    """Length of one round over the network."""
    acknowledged: int
    """Requests in one round on a single connection."""
    few: int
    """Rows of the small table."""
    many_steps: int
    many_cases: int
    ticks: int
    """Claims or page reads in one round."""
    gestures: int
    """Gestures in one round."""
    starts: int
    """Processes started of each kind."""


FULL = Sizes(
    rounds=7,
    dispatches=400,
    burst_seconds=0.8,
    acknowledged=60,
    few=1_000,
    many_steps=1_000_000,
    many_cases=100_000,
    ticks=30,
    gestures=16,
    starts=3,
)
TINY = Sizes(
    rounds=1,
    dispatches=3,
    burst_seconds=0.05,
    acknowledged=2,
    few=5,
    many_steps=20,
    many_cases=20,
    ticks=2,
    gestures=2,
    starts=1,
)
