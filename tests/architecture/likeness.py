"""Counts near-copies: pairs of places in two files of the project where the next six lines are equal.

Lines are compared without the space at their ends. Blank lines, comments and imports are left out, and what stands
around them counts as following on. Each six lines count, so a run of ten equal lines is five pairs of places.
`make likeness` lists the runs, the longest first; `python -m tests.architecture.likeness tests` those of the tests.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from tests.architecture.tree import ROOT, name, product_files

SHORTEST = 6
"""Fewer lines alike are a habit of the language: a loop, a signature, an empty answer."""
Line = tuple[int, str]
"""Where a line stands, from 1, and what it says."""


@dataclass(frozen=True, slots=True)
class Run:
    """Two places that say the same, for as long as they do; `lines` counts what was compared."""

    lines: int
    one: str
    one_line: int
    other: str
    other_line: int

    @property
    def pairs(self) -> int:
        """How many pairs of places it holds."""
        return self.lines - SHORTEST + 1

    def __str__(self) -> str:
        return f"{self.lines:4} {self.one}:{self.one_line} {self.other}:{self.other_line}"


def compared(text: str) -> list[Line]:
    """What is left of a file to compare."""
    kept: dict[int, str] = dict(enumerate(text.splitlines(), start=1))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            kept[row] = kept[row][:column]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for row in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                kept[row] = ""
    return [(at, line.strip()) for at, line in kept.items() if line.strip()]


def runs(files: Mapping[str, str]) -> list[Run]:
    """Every run of equal lines between two of the files (name to text), the longest first."""
    said = {file: compared(text) for file, text in files.items()}
    places: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for file, lines in said.items():
        for at in range(len(lines) - SHORTEST + 1):
            places[tuple(line for _, line in lines[at : at + SHORTEST])].append((file, at))
    found: list[Run] = []
    for alike in places.values():
        for (one, first), (other, second) in combinations(alike, 2):
            if one != other and not _goes_on_from_above(said[one], first, said[other], second):
                length = _length(said[one], first, said[other], second)
                found.append(Run(length, one, said[one][first][0], other, said[other][second][0]))
    return sorted(found, key=lambda run: (-run.lines, run.one, run.one_line, run.other, run.other_line))


def _goes_on_from_above(one: list[Line], first: int, other: list[Line], second: int) -> bool:
    return first > 0 and second > 0 and one[first - 1][1] == other[second - 1][1]


def _length(one: list[Line], first: int, other: list[Line], second: int) -> int:
    alike = 0
    for (_, a), (_, b) in zip(one[first:], other[second:], strict=False):
        if a != b:
            break
        alike += 1
    return alike


def count(found: Iterable[Run]) -> int:
    """How many pairs of places the runs hold."""
    return sum(run.pairs for run in found)


def in_the_product() -> list[Run]:
    """The near-copies in what ships."""
    return runs(_read(product_files()))


def in_the_tests() -> list[Run]:
    """The near-copies in the tests, but for the attacks: these stand alone, so that they run on any version."""
    attacks = ROOT / "tests" / "attacks"
    return runs(_read(path for path in (ROOT / "tests").rglob("*.py") if attacks not in path.parents))


def _read(paths: Iterable[Path]) -> dict[str, str]:
    return {name(path): path.read_text() for path in sorted(paths)}


def main(words: list[str]) -> None:
    """Print the runs, and how many pairs of places they hold."""
    found = in_the_tests() if words == ["tests"] else in_the_product()
    sys.stdout.write("".join(f"{run}\n" for run in found))
    sys.stdout.write(f"{count(found)} pairs of places in {len(found)} runs\n")


if __name__ == "__main__":
    main(sys.argv[1:])
