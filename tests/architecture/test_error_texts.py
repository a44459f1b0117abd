"""An error that always says the same has its text on its class, where it is read at a glance and in one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import name, product_files


def texts_in_init(source: str) -> Iterator[str]:
    """The classes that hand a fixed text to the error they are built on."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef):
            continue
        for call in ast.walk(node):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "__init__"
                and any(isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in call.args)
            ):
                yield node.name


def test_a_fixed_text_stands_on_its_class() -> None:
    found = {name(path): list(texts_in_init(path.read_text())) for path in product_files()}
    assert {path: classes for path, classes in found.items() if classes} == {}


@pytest.mark.parametrize("call", ["super().__init__('Fixed')", "SafeError.__init__(self, 'Fixed')"])
def test_a_text_handed_on_is_found(call: str) -> None:
    bad = f"class Bad(SafeError):\n    def __init__(self):\n        {call}\n"
    assert list(texts_in_init(bad)) == ["Bad"]
    assert list(texts_in_init("class Good(SafeError):\n    text = 'Fixed'\n")) == []
    assert list(texts_in_init(bad.replace("'Fixed'", "f'{what} is fixed'"))) == []
