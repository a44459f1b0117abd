"""What ships starts no other program, runs no text as code, and reads no format that can make things run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.tree import name, product_files

MODULES = {"subprocess", "pty", "pickle", "shelve", "marshal", "xml", "lxml", "yaml", "dill", "code", "runpy"}
CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "spawnv", "execv", "fork"}


def runs(source: str) -> Iterator[str]:
    """Each import and call that could run something; `re.compile` and what SQLAlchemy compiles are none."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name.partition(".")[0] in MODULES)
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in MODULES:
                yield module
            case ast.Call(func=ast.Name(id=called)) if called in CALLS:
                yield called
            case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr=called)) if called in CALLS:
                yield f"os.{called}"


def test_nothing_that_ships_can_run_what_came_in() -> None:
    found = {name(path): list(runs(path.read_text("utf-8"))) for path in product_files()}
    assert {path: what for path, what in found.items() if what} == {}


def test_each_way_is_found() -> None:
    for bad in (
        "import subprocess",
        "from xml.etree import ElementTree",
        "import pickle",
        "eval('1')",
        "exec(text)",
        "import os\nos.system('ls')",
    ):
        assert list(runs(bad)), bad
    assert list(runs("import re\nre.compile('a')\nquery.compile()\n")) == []
