"""Finds every sentence that people read, as translators are given it: constants of the words, and phrases.

A constant counts where it stands in a file of words or screens, or beside them in a subject, and is more than a name:
it has a capital letter, a space or a sign of its own. A single word in small letters is given by `phrase` or `ours`.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.tree import ROOT, name

APP = ROOT / "trim_bot" / "app"
SILENT = (
    "clock",
    "desk",
    "examples",
    "installations",
    "site_file",
    "waiting",
    "watch",
    "workspaces",
)
"""Rooms that say nothing to anybody but whoever runs the desk."""
SILENT_FILES = frozenset(
    {
        "definitions.py",
        "handover/restored_revocations.py",
        "notices/__init__.py",
        "oversight/role_grants.py",
        "own/breach_report.py",
        "own/what_was_taken.py",
        "seam/command.py",
        "seam/log_events.py",
        "seam/ports.py",
        "seam/route.py",
        "seam/work.py",
        "words/case_names.py",
    }
)
"""Files whose texts are for the log, the command line or the program itself, and names that are the same everywhere."""
LIBRARIES = (ROOT / "assessments" / "loader.py",)
"""Files of libraries that add a word of their own."""
DEFINITIONS = (
    *sorted((ROOT / "workflows" / "definitions").glob("*.toml")),
    *sorted((ROOT / "assessments" / "definitions").glob("*.toml")),
    *sorted((APP / "notices").glob("*.toml")),
)
SPOKEN = frozenset({"name", "title", "label", "text", "hint", "prompt", "lines", "scale", "note"})
"""What people read of a definition, by the names in the file."""
ANSWERS = frozenset({"options", "scale"})
"""Tables of answers, each by its id."""
PHRASES = {"phrase": 0, "phrase_of": 1, "ours": 0}
"""Where the English stands among what a phrase is given."""
NAME = re.compile(r"[a-z0-9_.:/~@#%-]*")
TYPED = re.compile(r"(peer|support)( [a-z]+)+")
"""Words that are typed in chat."""
NOT_SAID = frozenset(
    {
        "compile",
        "TypeVar",
        "ParamSpec",
        "NewType",
        "fullmatch",
        "sub",
        "maketrans",
        "normalize",
        "split",
        "search",
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    """One sentence, and where it stands."""

    english: str
    place: str
    line: int
    many: str = ""
    """The form for several, of a sentence that counts."""


def sentences() -> list[Found]:
    """Every sentence, in the order of the files."""
    found = [one for path in sorted(APP.rglob("*.py")) if _speaks(path) for one in _in_python(path)]
    found += [Found("Not discussed", name(path), 1) for path in LIBRARIES]
    return [*found, *(one for path in DEFINITIONS for one in _in_definition(path))]


def _speaks(path: Path) -> bool:
    inside = path.relative_to(APP)
    silent = inside.parts[0] in SILENT or inside.as_posix() in SILENT_FILES
    return not silent and path.name != "__init__.py" and not path.name.endswith("examples.py")


def _in_python(path: Path) -> Iterator[Found]:
    tree = ast.parse(path.read_text("utf-8"))
    place, passed = name(path), _not_said(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (called := _called(node)) in PHRASES:
            yield from _phrase(node, called, place, passed)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            text = node.value
            if re.search(r"[^\W\d_]", text) and not NAME.fullmatch(text) and not TYPED.fullmatch(text):
                yield Found(text, place, node.lineno)


def _phrase(node: ast.Call, called: str, place: str, passed: set[int]) -> Iterator[Found]:
    at = PHRASES[called]
    given = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
    passed.update(id(arg) for arg in node.args if isinstance(arg, ast.Constant))
    english = given[at] if at < len(given) else None
    if not isinstance(english, str):
        return
    match called, given:
        case "phrase_of", [_, _, str(many), *_]:
            yield Found(english, place, node.lineno, many=many)
        case _:
            yield Found(english, place, node.lineno)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _not_said(tree: ast.AST) -> set[int]:
    """Constants that nobody reads: what a file says of itself, types, patterns, and what is raised."""
    passed: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as text):
                passed.add(id(text))
            case ast.JoinedStr(values=parts):
                passed.update(map(id, parts))
            case ast.Raise() if "Invalid(" not in ast.unparse(node):
                passed.update(map(id, ast.walk(node)))
            case ast.Call() if _called(node) in NOT_SAID:
                passed.update(map(id, ast.walk(node)))
            case ast.AnnAssign(annotation=hint):
                passed.update(map(id, ast.walk(hint)))
            case _:
                pass
    return passed


def _in_definition(path: Path) -> Iterator[Found]:
    text = path.read_text("utf-8")
    lines = text.splitlines()

    def of(value: object, key: str) -> Iterator[Found]:
        match value:
            case str() if key in SPOKEN:
                # A text over several lines is found by its first.
                first = next(iter(value.strip().splitlines()), "")
                yield Found(value, name(path), next((n for n, one in enumerate(lines, 1) if first in one), 1))
            case dict():
                for inner, one in value.items():
                    yield from of(one, "text" if key in ANSWERS and isinstance(one, str) else inner)
            case list():
                for one in value:
                    yield from of(one, key)
            case _:
                return

    yield from of(tomllib.loads(text), "")
