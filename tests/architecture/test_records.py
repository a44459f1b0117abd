"""Records do not change after they are made, and no dataclass grows fields that its class does not name."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import name, product_files

NEVER_CHANGED = ("trim_bot/domain/", "trim_bot/crypto/", "workflows/", "assessments/")
"""Here records are what is kept, sealed or published."""


def _dataclasses(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ClassDef):
            continue
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            what = call.func if call is not None else decorator
            if isinstance(what, ast.Name) and what.id == "dataclass":
                given = call.keywords if call is not None else []
                yield node.name, {one.arg or "": ast.literal_eval(one.value) for one in given}


def test_what_is_kept_sealed_or_published_is_frozen_and_every_dataclass_has_slots() -> None:
    found = [(name(path), *one) for path in product_files() for one in _dataclasses(path)]
    assert len(found) > 250
    for path, class_name, given in found:
        assert given.get("slots") is True, f"{path}: {class_name} has no slots"
        if path.startswith(NEVER_CHANGED):
            assert given.get("frozen") is True, f"{path}: {class_name} can be changed"
