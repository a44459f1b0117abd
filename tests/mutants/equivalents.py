"""The mutants that change nothing anybody could notice, each with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

FILE = Path(__file__).with_name("equivalents.toml")


def argued(file: Path = FILE) -> dict[tuple[str, str], str]:
    """The reason for each, by path and change. Raises ValueError where a reason is missing."""
    told = tomllib.loads(file.read_text(encoding="utf-8")).get("equivalent", [])
    reasons = {(one["path"], one["change"].strip()): one["reason"].strip() for one in told}
    if any(not reason for reason in reasons.values()):
        raise ValueError("each equivalent needs its reason")
    return reasons


def out_of_date(root: Path, reasons: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those whose lines are not in the code any more."""

    def stands(path: str, change: str) -> bool:
        file = root / path
        there = (
            {line.strip() for line in file.read_text(encoding="utf-8").splitlines()}
            if file.exists()
            else set()
        )
        return all(line[2:] in there for line in change.splitlines() if line.startswith("- "))

    return [one for one in reasons if not stands(*one)]
