"""A name is imported from where it stands, so that whoever follows it opens one file."""

from __future__ import annotations

import ast

from tests.architecture.tree import name, product_files


def shows_others(source: str) -> bool:
    """Whether a module hands on the names of others as its own."""
    for node in ast.walk(ast.parse(source)):
        targets = node.targets if isinstance(node, ast.Assign) else ()
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return True
        if isinstance(node, ast.ImportFrom) and any(one.asname == one.name for one in node.names):
            return True
    return False


def test_no_module_is_a_facade() -> None:
    assert [name(path) for path in product_files() if shows_others(path.read_text())] == []


def test_a_facade_is_found() -> None:
    assert shows_others('from a.b import c\n\n__all__ = ["c"]\n')
    assert shows_others("from a.b import c as c\n")
    assert not shows_others("from a.b import c\n\n\ndef d() -> None:\n    c()\n")
