"""Writes the results: one aligned table for people, one JSON file for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.result import Result, Verdict

HEADS = ("what", "unit", "subject", "anchor", "ratio", "goal", "", "anchor is")


def table(results: Sequence[Result]) -> str:
    """One line for each result."""
    rows = [HEADS, *(_cells(one) for one in results)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    return "\n".join("  ".join(map(_aligned, row, widths, range(len(HEADS)))).rstrip() for row in rows)


def failing(results: Sequence[Result]) -> list[Result]:
    """Those that miss their goal by more than 30 %."""
    return [one for one in results if one.verdict is Verdict.MISSED]


@dataclass(slots=True)
class Curve:
    """How something grows: pairs of a size and what it cost there."""

    name: str
    across: str
    """What is counted from left to right."""
    up: str
    """The unit of what it costs."""
    points: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Section:
    """What one benchmark came to."""

    results: Sequence[Result] = ()
    curves: Sequence[Curve] = ()
    notes: Sequence[str] = ()
    """Sentences, such as why a line is left out."""


def rows_of(results: Sequence[Result]) -> list[dict[str, object]]:
    """The results as JSON has them."""
    return [
        {
            "name": one.name,
            "unit": one.unit,
            "subject": one.subject,
            "anchor": one.anchor,
            "against": one.against,
            "ratio": one.ratio,
            "goal": None if one.goal is None else str(one.goal),
            "verdict": one.verdict.value,
            "said": one.said,
        }
        for one in results
    ]


def write_json(path: Path, conditions: Mapping[str, object], sections: Mapping[str, Section]) -> None:
    """Keep the results with the conditions they were measured under; sections that were not run stay as they were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = read_json(path)
    for name, section in sections.items():
        kept[name] = {
            "conditions": conditions,
            "results": rows_of(section.results),
            "curves": [asdict(one) for one in section.curves],
            "notes": list(section.notes),
        }
    path.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """What was kept, by section; nothing where nothing was, or where it is of an earlier form."""
    if not path.exists():
        return {}
    held = json.loads(path.read_text(encoding="utf-8"))
    return {name: one for name, one in held.items() if isinstance(one, dict) and "curves" in one}


def _cells(one: Result) -> tuple[str, ...]:
    goal = "" if one.goal is None else str(one.goal)
    figures = (figure(one.subject), figure(one.anchor), f"{one.ratio:.2f}")
    return (one.name, one.unit, *figures, goal, one.said, one.against)


def figure(value: float) -> str:
    """A number with as many places as it is worth."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _aligned(cell: str, width: int, place: int) -> str:
    return cell.rjust(width) if 2 <= place <= 4 else cell.ljust(width)
