"""Every promise in docs/promises.md names tests that exist, or says plainly that it comes later."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.tree import ROOT

PROMISES = ROOT / "docs" / "promises.md"
HOW_MANY = 13
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LATER = re.compile(r"^\*\*later\*\*: \S")


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of a promise: its heading, what is claimed, and what is said to hold it."""

    promise: str
    text: str
    held_by: str


def claims(text: str) -> Iterator[Claim]:
    """The rows of every table, under their headings."""
    promise = ""
    for line in text.splitlines():
        if line.startswith("## "):
            promise = line.removeprefix("## ")
        elif line.startswith("| ") and not line.startswith(("| Claim ", "| ---")):
            claimed, held_by = (cell.strip() for cell in line.strip("| ").split(" | ", 1))
            yield Claim(promise, claimed, held_by)


def missing(claim: Claim, root: Path) -> list[str]:
    """What is wrong with the tests a claim names."""
    named = NAMED.findall(claim.held_by)
    if not named and not LATER.match(claim.held_by):
        return [f"nothing holds: {claim.text}"]
    return [f"{file}::{test}" for file, test in named if test not in defined(root / file)]


def defined(path: Path) -> set[str]:
    """The names of the functions a test file defines, in classes too; none where there is no file."""
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_promise_is_there_with_something_that_holds_it() -> None:
    found = list(claims(PROMISES.read_text(encoding="utf-8")))
    heads = {claim.promise.split(".")[0] for claim in found if NAMED.search(claim.held_by)}
    # A section without a number holds what goes for all of them.
    assert {int(head) for head in heads if head.isdigit()} == set(range(1, HOW_MANY + 1))


def test_every_test_that_is_named_exists() -> None:
    found = list(claims(PROMISES.read_text(encoding="utf-8")))
    assert [fault for claim in found for fault in missing(claim, ROOT)] == []


def test_a_test_that_is_not_there_is_found() -> None:
    here = "tests/architecture/test_promises.py"
    good = Claim("1. One", "a claim", f"`{here}::test_a_test_that_is_not_there_is_found`")
    assert missing(good, ROOT) == []
    assert missing(Claim("1. One", "a claim", f"`{here}::test_nothing`"), ROOT) == [f"{here}::test_nothing"]
    assert missing(Claim("1. One", "a claim", "`tests/no_such.py::test_it`"), ROOT) == [
        "tests/no_such.py::test_it"
    ]
    assert missing(Claim("1. One", "a claim", "**later**: when there is time"), ROOT) == []
    assert missing(Claim("1. One", "a claim", "surely"), ROOT) == ["nothing holds: a claim"]
