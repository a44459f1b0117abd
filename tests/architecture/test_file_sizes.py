"""Files stay small enough to be read in one go, and each says why it exists."""

import ast
from pathlib import Path
from statistics import median

import pytest

from tests.architecture.tree import name, product_files, python_files

HARD_LIMIT = 400
SOFT_LIMIT = 250
"""A product file over this says in its first sentence why it is one file."""
MEDIAN_LIMIT = 120
NO_NAMES = {
    "common",
    "helper",
    "helpers",
    "manager",
    "managers",
    "misc",
    "service",
    "services",
    "util",
    "utils",
}


def lines(text: str) -> int:
    return len(text.splitlines())


def head_fault(text: str) -> str | None:
    """What is wrong with the head of a file, or None: it must open with one plain sentence."""
    head = ast.get_docstring(ast.parse(text))
    if head is None:
        return "has no docstring at its head"
    first = " ".join(head.split("\n\n")[0].split())
    if not first.endswith("."):
        return "its head does not end as a sentence"
    if ". " in first.replace("e.g. ", "").replace("i.e. ", ""):
        return "its head is more than one sentence"
    return None


def unexplained(text: str) -> bool:
    """Whether a file is over the soft limit and its first sentence does not say why."""
    head = " ".join((ast.get_docstring(ast.parse(text)) or "").split("\n\n")[0].split())
    return lines(text) > SOFT_LIMIT and "one file" not in head


def vague(path: Path) -> bool:
    """Whether the path says nothing of what is in the file."""
    return bool(NO_NAMES & {path.stem, *path.parts})


def test_no_file_is_over_the_hard_limit() -> None:
    assert {
        name(path): size for path in python_files() if (size := lines(path.read_text())) > HARD_LIMIT
    } == {}


def test_the_median_product_file_is_short() -> None:
    assert median(lines(path.read_text()) for path in product_files()) <= MEDIAN_LIMIT


def test_a_long_product_file_says_why_it_is_one() -> None:
    assert [name(path) for path in product_files() if unexplained(path.read_text())] == []


def test_every_product_file_says_why_it_exists() -> None:
    assert {name(path): fault for path in product_files() if (fault := head_fault(path.read_text()))} == {}


def test_no_name_is_vague() -> None:
    assert [name(path) for path in python_files() if vague(Path(name(path)))] == []


@pytest.mark.parametrize(
    "bad", ["", "x = 1\n", '"""No full stop"""\n', '"""One. Two."""\n', '"""Split\n\nhere."""\n']
)
def test_a_bad_head_is_found(bad: str) -> None:
    assert head_fault(bad) is not None
    assert head_fault('"""One sentence\nover two lines.\n\nMore. And more."""\n') is None


def test_a_long_file_and_a_vague_name_are_found() -> None:
    assert lines("x = 1\n" * (HARD_LIMIT + 1)) > HARD_LIMIT
    assert unexplained('"""Draws it all."""\n' + "x = 1\n" * SOFT_LIMIT)
    assert not unexplained('"""Draws it all, in one file."""\n' + "x = 1\n" * SOFT_LIMIT)
    assert vague(Path("trim_bot/app/utils.py"))
    assert vague(Path("trim_bot/services/cases.py"))
    assert not vague(Path("trim_bot/app/referrals.py"))
