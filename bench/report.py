"""Writes the results: one aligned table for people, one JSON file for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

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


def write_json(path: Path, conditions: Mapping[str, object], results: Sequence[Result]) -> None:
    """Keep the results with the conditions they were measured under."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {
            "name": one.name,
            "unit": one.unit,
            "subject": one.subject,
            "anchor": one.anchor,
            "against": one.against,
            "ratio": one.ratio,
            "goal": None if one.goal is None else str(one.goal),
            "verdict": one.verdict.value,
        }
        for one in results
    ]
    path.write_text(
        json.dumps({"conditions": conditions, "results": rows}, indent=2, ensure_ascii=False) + "\n"
    )


def _cells(one: Result) -> tuple[str, ...]:
    goal = "" if one.goal is None else str(one.goal)
    figures = (_figure(one.subject), _figure(one.anchor), f"{one.ratio:.2f}")
    return (one.name, one.unit, *figures, goal, one.verdict.value, one.against)


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _aligned(cell: str, width: int, place: int) -> str:
    return cell.rjust(width) if 2 <= place <= 4 else cell.ljust(width)
