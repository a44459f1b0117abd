"""Keeps how long each step of a followed guide took, and prints them all at the end of a run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

TAKEN: list[Step] = []


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a guide, in seconds."""

    guide: str
    name: str
    seconds: float


@contextmanager
def step(guide: str, name: str) -> Iterator[None]:
    """Do one step. Nothing is judged by its time."""
    begun = time.monotonic()
    yield
    TAKEN.append(Step(guide, name, time.monotonic() - begun))


def told() -> list[str]:
    """A line for each step that was done."""
    wide = max((len(one.guide) for one in TAKEN), default=0)
    return [f"{one.guide:<{wide}}  {one.seconds:6.1f} s  {one.name}" for one in TAKEN]
