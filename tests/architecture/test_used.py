"""What ships is used by what ships: what only tests call stands with the tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from tests.architecture.tree import ROOT, name, product_files

BY_OTHERS = {
    "collect": "prometheus_client",
    "downgrade": "alembic",
    "emit": "logging",
    "process_bind_param": "SQLAlchemy",
    "process_result_value": "SQLAlchemy",
}
"""Called by a library, by this name."""
A_NAME = re.compile(r"[A-Za-z_]\w*")


def registers(decorator: ast.expr) -> bool:
    """Whether what is decorated is called by whoever the decorator belongs to, as a command of the command line is."""
    found = ast.unparse(decorator)
    return found.startswith(("field_validator", "model_validator")) or "." in found


def unused(sources: Mapping[str, str], *, also: Iterable[str] = ()) -> Iterator[str]:
    """What is defined in these files and named in none of them, nor among `also`."""
    trees = {path: ast.parse(source) for path, source in sources.items()}
    named = set(also)
    for tree in trees.values():
        for node in ast.walk(tree):
            match node:
                case ast.Name(id=found) | ast.Attribute(attr=found):
                    named.add(found)
                case ast.Constant(value=str(found)):
                    named.add(found)
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                and not any(map(registers, node.decorator_list))
                and not node.name.startswith("__")
                and node.name not in named
            ):
                yield f"{path} {node.name}"


def test_all_that_ships_is_used_by_what_ships() -> None:
    templates = (ROOT / "integrations").rglob("*.html")
    in_templates = {word for path in templates for word in A_NAME.findall(path.read_text())}
    sources = {name(path): path.read_text() for path in product_files()}
    assert list(unused(sources, also=in_templates | set(BY_OTHERS))) == []


def test_what_nothing_uses_is_found() -> None:
    one = "def used():\n    ...\n\n\ndef left_over():\n    ...\n"
    assert list(unused({"a": one, "b": "from a import left_over\n\nused()\n"})) == ["a left_over"]
