"""What an examination finds: a grade, a part and a sentence, never anything about a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Grade(Enum):
    """How a part is."""

    OK = "ok"
    """Nothing to do."""
    WARN = "warn"
    """It works, and somebody should look at it."""
    FAIL = "fail"
    """It does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `doctor`."""

    grade: Grade
    name: str
    text: str


def ok(name: str, text: str) -> Finding:
    """Nothing to do."""
    return Finding(Grade.OK, name, text)


def warn(name: str, text: str) -> Finding:
    """Somebody should look at it."""
    return Finding(Grade.WARN, name, text)


def fail(name: str, text: str) -> Finding:
    """It does not work."""
    return Finding(Grade.FAIL, name, text)
