"""What must appear nowhere on a screen is looked for in all that it carries, and never in its printed form."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, name

READERS = ("tests/app", "tests/storage")
PRINTS = {
    "tests/app/oversight/active_coordinator.py", "tests/storage/test_backup.py", "tests/storage/test_codec.py",
    "tests/storage/test_sql_faults.py",
}  # fmt: skip
"""What is printed there is no view, an error, or where a store is; or all of a view, compared byte for byte."""
ITSELF = "tests/app/desk/test_reading.py"


def words_alone(tree: ast.AST) -> Iterator[int]:
    """The lines that look for an absence in the words of a view, while its tokens and values may hold it."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            named = {
                target.id
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and _calls(node.value, "words_of")
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(function):
                if isinstance(node, ast.Compare) and isinstance(node.ops[-1], ast.NotIn):
                    where = node.comparators[-1]
                    if _calls(where, "words_of") or (isinstance(where, ast.Name) and where.id in named):
                        yield node.lineno


def printed(tree: ast.AST) -> Iterator[int]:
    """The lines on which something is turned into its printed form."""
    yield from (node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr) and _calls(node, "repr"))


def _calls(node: ast.AST, function: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function


def trees() -> Iterator[tuple[str, ast.AST]]:
    paths: list[Path] = [path for folder in READERS for path in sorted((ROOT / folder).rglob("*.py"))]
    yield from ((name(path), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def test_what_must_be_nowhere_is_looked_for_in_everything() -> None:
    assert [(file, line) for file, tree in trees() if file != ITSELF for line in words_alone(tree)] == []


def test_no_view_is_searched_in_its_printed_form() -> None:
    assert [(file, line) for file, tree in trees() if file not in PRINTS for line in printed(tree)] == []


def test_each_way_to_miss_what_is_hidden_is_found() -> None:
    direct = "def test():\n    assert 'Nurse' not in words_of(view)\n"
    named = "def test():\n    said = words_of(view)\n    assert 'Nurse' not in said\n"
    whole = (
        "def test():\n    assert 'Nurse' not in everything_in(view)\n    assert 'Paul' in words_of(view)\n"
    )
    found = [list(words_alone(ast.parse(text))) for text in (direct, named, whole)]
    assert found == [[2], [3], []]
    assert list(printed(ast.parse("kept = repr(view)\n"))) == [1]
