"""In the core a class has a name of its own, so that whoever searches for it finds one."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping

from tests.architecture.tree import ROOT, name, product_files

BEFORE_AND_AFTER_SIGNING = {"Button", "Form"}
"""Drawn by a screen, and the same again once it is signed."""


def names_twice(sources: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    """The class names that stand in two of the modules, each with the modules."""
    found: dict[str, list[str]] = defaultdict(list)
    for path, source in sources:
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append(path)
    return {class_name: paths for class_name, paths in found.items() if len(paths) > 1}


def test_no_class_of_the_core_has_the_name_of_another() -> None:
    core = [path for path in product_files() if path.is_relative_to(ROOT / "trim_bot/app")]
    twice = names_twice((name(path), path.read_text(encoding="utf-8")) for path in core)
    assert {one: paths for one, paths in twice.items() if one not in BEFORE_AND_AFTER_SIGNING} == {}


def test_a_name_that_stands_twice_is_found() -> None:
    assert names_twice([("a", "class Row: ..."), ("b", "class Row: ...\nclass Other: ...")]) == {
        "Row": ["a", "b"]
    }
