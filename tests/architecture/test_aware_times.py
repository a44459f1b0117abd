"""Every moment knows its zone: no code makes a datetime without one."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import name, python_files

# How many arguments before the zone each maker of datetimes takes.
ZONE_AT = {"now": 0, "fromtimestamp": 1}
NEVER = {"utcnow", "utcfromtimestamp", "today"}


def naive(text: str) -> list[int]:
    """The lines that make a datetime without a zone."""
    return sorted(_naive(ast.parse(text)))


def _naive(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        owner_name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        if owner_name not in {"datetime", "date"}:
            continue
        zoned = any(keyword.arg == "tz" for keyword in node.keywords)
        place = ZONE_AT.get(node.func.attr)
        if node.func.attr in NEVER or (place is not None and not zoned and len(node.args) <= place):
            yield node.lineno


def test_no_moment_is_without_a_zone() -> None:
    assert {name(path): found for path in python_files() if (found := naive(path.read_text()))} == {}


@pytest.mark.parametrize(
    "bad",
    [
        "datetime.utcnow()",
        "datetime.now()",
        "datetime.datetime.now()",
        "datetime.fromtimestamp(1)",
        "datetime.utcfromtimestamp(1)",
        "date.today()",
    ],
)
def test_a_moment_without_a_zone_is_found(bad: str) -> None:
    assert naive(f"x = 1\ny = {bad}\n") == [2]


@pytest.mark.parametrize(
    "good", ["datetime.now(UTC)", "datetime.now(tz=UTC)", "datetime.fromtimestamp(1, UTC)"]
)
def test_a_moment_with_a_zone_passes(good: str) -> None:
    assert naive(good) == []
