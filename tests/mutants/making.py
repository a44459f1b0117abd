"""Draws a fixed sample of the small changes that can be made to a file and change what runs."""

from __future__ import annotations

import ast
import difflib
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tests.mutants.rooms import Room

LEFT_OUT = (
    "core/NoOp",  # changes nothing
    "core/VariableInserter",  # these two want settings of their own
    "core/VariableReplacer",
    "core/ExceptionReplacer",  # cannot read errors named in brackets
    "core/ReplaceComparisonOperator_Is_Eq",  # enum members and None equal nothing but themselves
    "core/ReplaceComparisonOperator_IsNot_NotEq",
)
"""Operators that are of no use, each with the reason."""
SHAPE = re.compile(r"@dataclass\(.*(frozen|slots|kw_only)=")
"""How a record is laid out; that each is frozen and has slots is held by a test of its own."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change of one file."""

    room: Room
    path: str
    """The file, from the root of the project."""
    operator: str
    source: str
    """The whole file as changed."""
    diff: str
    """Removed and added lines, without their place, so that a sentence about them outlives other changes."""

    @property
    def module(self) -> str:
        """The name it is imported under."""
        return self.path.removesuffix(".py").replace("/", ".")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of one file where an operator can be put to work."""

    room: Room
    file: Path
    operator: str
    occurrence: int


def places(root: Path, room: Room) -> Iterator[Place]:
    """Every place in a room, in a fixed order."""
    for file in room.files(root):
        nodes = list(ast_nodes(get_ast(file.read_text(encoding="utf-8"))))
        for name in sorted(plugins.operator_names()):
            operator_class = plugins.get_operator(name)
            if name in LEFT_OUT or operator_class.arguments():
                continue
            operator = operator_class()
            count = sum(len(list(operator.mutation_positions(node))) for node in nodes)
            yield from (Place(room, file, name, occurrence) for occurrence in range(count))


def draw(root: Path, every: Sequence[Place], count: int, seed: int) -> list[Mutant]:
    """`count` mutants that differ in what runs, the same ones for the same seed and code; fewer if there are none.

    Annotations and docstrings do not run. Two changes that come to the same are one mutant.
    """
    shuffled = random.Random(seed).sample(list(every), len(every))  # noqa: S311 (a fixed draw, no secret)
    seen: set[tuple[Path, str | None]] = set()
    drawn: list[Mutant] = []
    for place in shuffled:
        if len(drawn) == count:
            break
        before = place.file.read_text(encoding="utf-8")
        seen.add((place.file, _what_runs(before)))
        after = mutate_code(before, plugins.get_operator(place.operator)(), place.occurrence)
        runs = _what_runs(after) if after else None
        if after is None or runs is None or (place.file, runs) in seen:
            continue
        seen.add((place.file, runs))
        path, diff = str(place.file.relative_to(root)), _diff(before, after)
        if not SHAPE.search(diff):
            drawn.append(Mutant(place.room, path, place.operator, after, diff))
    return drawn


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(f"{line[0]} {line[1:].strip()}" for line in list(lines)[2:] if line[0] in "+-")


def _what_runs(source: str) -> str | None:
    """The parts of a module that are run, as text; None when it is not Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    return ast.dump(_WithoutWords().visit(tree))


class _WithoutWords(ast.NodeTransformer):
    """Takes out what Python reads and never runs: annotations (put off in every file of ours) and bare texts.

    Whether an argument may go without its name is taken out too: each call is held to it by the type checker.
    """

    def visit_arguments(self, node: ast.arguments) -> ast.arguments:
        self.generic_visit(node)
        named = [*node.posonlyargs, *node.args, *node.kwonlyargs]
        values = [*node.defaults, *(one for one in node.kw_defaults if one is not None)]
        return ast.arguments([], named, node.vararg, [], [], node.kwarg, values)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        self.generic_visit(node)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        node.returns = None
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        # The name alone is kept: a dataclass reads that there is an annotation, and not what it says.
        node.annotation = ast.Constant(None)
        self.generic_visit(node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return None
        self.generic_visit(node)
        return node
