"""A class has a name of its own, so that whoever searches for it finds one; a port may share its with what fills it."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.architecture.tree import name, product_files

BEFORE_AND_AFTER_SIGNING = {"Button", "Form"}
"""Drawn by a screen, and the same again once it is signed."""


@dataclass(frozen=True)
class Found:
    """Where a class of some name stands, and whether it is a port."""

    path: str
    port: bool


def names_twice(sources: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    """The class names that stand in two of the modules, each with the modules; a port and one that fills it may."""
    found: dict[str, list[Found]] = defaultdict(list)
    for path, source in sources:
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef):
                port = any(ast.unparse(base).startswith("Protocol") for base in node.bases)
                found[node.name].append(Found(path, port))
    return {
        class_name: [one.path for one in places]
        for class_name, places in found.items()
        if len(places) > 1 and not (len(places) == 2 and sorted(one.port for one in places) == [False, True])
    }


def test_no_class_has_the_name_of_another() -> None:
    twice = names_twice((name(path), path.read_text(encoding="utf-8")) for path in product_files())
    assert {one: paths for one, paths in twice.items() if one not in BEFORE_AND_AFTER_SIGNING} == {}


def test_a_name_that_stands_twice_is_found() -> None:
    assert names_twice([("a", "class Row: ..."), ("b", "class Row: ...\nclass Other: ...")]) == {
        "Row": ["a", "b"]
    }
    port, real = "class Row(Protocol): ...", "class Row: ..."
    assert names_twice([("a", port), ("b", real)]) == {}
    assert names_twice([("a", port), ("b", real), ("c", real)]) == {"Row": ["a", "b", "c"]}
    assert names_twice([("a", port), ("b", port)]) == {"Row": ["a", "b"]}
