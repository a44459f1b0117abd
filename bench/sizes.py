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
    towns: tuple[tuple[int, int], ...]
    """People and closed cases of the organisations that journeys are done in, the small one first."""
    listed: int
    """Cases of a list."""
    practitioners: int
    handed: int
    """Cases that go from one to others."""
    due: int
    """Steps that fall due at one moment."""
    request_seconds: float
    """For how long people come while these go out."""
    organisations: int
    """Small organisations beside one."""


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
    towns=((100, 0), (1_000, 100), (50_000, 50_000), (200_000, 100_000)),
    listed=150,
    practitioners=500,
    handed=50,
    due=100_000,
    request_seconds=20,
    organisations=2_000,
)
SMALL = Sizes(
    rounds=3,
    dispatches=60,
    burst_seconds=0.2,
    acknowledged=10,
    few=100,
    many_steps=10_000,
    many_cases=2_000,
    ticks=5,
    gestures=16,
    starts=1,
    towns=((100, 0), (1_000, 300)),
    listed=50,
    practitioners=20,
    handed=20,
    due=600,
    request_seconds=2,
    organisations=20,
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
    towns=((10, 0), (12, 3)),
    listed=3,
    practitioners=2,
    handed=2,
    due=80,
    request_seconds=0.2,
    organisations=2,
)
SIZES = {"full": FULL, "small": SMALL, "tiny": TINY}
"""By the word that chooses them: `small` takes some minutes, `tiny` only shows that each part runs."""
