"""Puts what was measured into `docs/benchmarks.md`, between its marks, and the curves beside it; the prose stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.curves import svg
from bench.report import Curve, figure
from bench.serving import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
PICTURES = ROOT / "docs" / "pictures"
BEGIN, END = "<!-- measured: written by make bench -->", "<!-- /measured -->"
HEAD = "| Line | Subject | Anchor | Ratio | Goal | |\n|---|--:|--:|--:|---|---|"


def write_page(measured: Mapping[str, Any], page: Path = PAGE, pictures: Path = PICTURES) -> None:
    """Write the table and the curves. Raises ValueError for a page without the marks."""
    text = page.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError("the page has no place for what was measured")
    drawn = dict(_pictures(measured))
    for name, picture in drawn.items():
        (pictures / name).write_text(picture, encoding="utf-8")
    shown = "\n\n".join(f"![{_title(name)}]({pictures.name}/{name})" for name in drawn)
    parts = [
        BEGIN,
        _conditions(measured),
        HEAD + "\n" + "\n".join(_rows(measured)),
        *_notes(measured),
        shown,
        END,
    ]
    fresh = "\n\n".join(part for part in parts if part)
    page.write_text(
        re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: fresh, text, flags=re.S), encoding="utf-8"
    )


def _conditions(measured: Mapping[str, Any]) -> str:
    held = [one["conditions"] for one in measured.values()]
    loads = [float(one["load"]) for one in held]
    last = held[-1]
    return (
        f"With {last['processors']} processors, Python {last['python']} and SQLite {last['sqlite']}, "
        f"{last['flushes_per_second']:,} flushes of the disk a second; "
        f"load {min(loads):g} to {max(loads):g} at the start of a section."
    )


def _rows(measured: Mapping[str, Any]) -> Iterator[str]:
    for section in measured.values():
        for row in section["results"]:
            unit = str(row["unit"]).split()[0]
            said = "" if row["goal"] is None else row["said"]
            yield (
                f"| {row['name']} | {figure(row['subject'])} {unit} | {figure(row['anchor'])} {unit} "
                f"| {row['ratio']:.2f} | {row['goal'] or ''} | {said} |"
            )


def _notes(measured: Mapping[str, Any]) -> list[str]:
    return [f"- {note}" for section in measured.values() for note in section["notes"]]


def _pictures(measured: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, section in measured.items():
        curves = [
            Curve(one["name"], one["across"], one["up"], [tuple(p) for p in one["points"]])
            for one in section["curves"]
        ]
        if curves:
            yield f"growth-{name}.svg", svg(_title(f"growth-{name}.svg"), curves)


def _title(name: str) -> str:
    return f"How {name.removeprefix('growth-').removesuffix('.svg')} grow".replace("-", " ")
