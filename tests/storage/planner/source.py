"""Every search that stands in the source, read from it, so that one nobody has run yet is asked about as well."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Executable, Table

import trim_bot
from tests.storage.planner.size import STATES
from trim_bot.storage.records.rows import Match, Shape, search, shape_of, tally, values_of
from trim_bot.storage.tables import RECORDS

ROOT = Path(trim_bot.__file__).parents[1]
_KINDS = {kind.__name__: kind for kind in RECORDS}
_ENDED = ("CLOSED", "DONE", "SENT", "DECLINED", "ACCEPTED", "HELD", "WITHDRAWN")
_VALUES: dict[type[object], object] = {
    str: "a value",
    bool: True,
    int: 1,
    date: date(2026, 1, 5),
    datetime: datetime(2026, 1, 5, tzinfo=UTC),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One form of a search: what is asked for, by which fields, in which order."""

    kind: str
    fields: tuple[str, ...]
    order_by: str = "id"
    limited: bool = False
    counts: bool = False
    """Whether it is a tally."""
    listed: frozenset[str] = frozenset()
    """Fields that may be given as a list."""
    of_ended: bool = False
    """Whether it asks for what has ended, of which there are ever more."""
    places: list[str] = field(default_factory=list, compare=False)
    """Where it stands."""

    def __str__(self) -> str:
        limit = ", limit" if self.limited else ""
        ended = " (ended)" if self.of_ended else ""
        verb = "tally" if self.counts else "find"
        return f"{verb} {self.kind}({', '.join(self.fields)}){ended} by {self.order_by}{limit}"

    @property
    def is_endless(self) -> bool:
        """Whether what it finds grows for as long as the desk runs."""
        return self.of_ended and not self.limited

    @property
    def table(self) -> Table:
        """The table that is asked."""
        return shape_of(_KINDS[self.kind]).table


@cache
def questions() -> tuple[Question, ...]:
    """Every `find` and `tally` of the package whose fields are written where it is called.

    Not of the practice workspace: it holds a few sample members, and no desk with people in it has its code at work.
    """
    found: dict[Question, Question] = {}
    for path in sorted((ROOT / "trim_bot").rglob("*.py")):
        if path.is_relative_to(ROOT / "trim_bot" / "practice"):
            continue
        for call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
            asked = _question(call)
            if asked is not None:
                place = f"{path.relative_to(ROOT)}:{call.lineno}"
                found.setdefault(asked, asked).places.append(place)
    return tuple(found.values())


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="find" | "tally"), args=[ast.Name(id=kind), *_]) if (
                kind in _KINDS
            ):
                yield node


def _question(call: ast.Call) -> Question | None:
    given = {one.arg: one.value for one in call.keywords}
    if None in given:
        return None
    order, limit = given.pop("order_by", None), given.pop("limit", None)
    limited = limit is not None and not (isinstance(limit, ast.Constant) and limit.value is None)
    states = ast.unparse(given["state"]) if "state" in given else ""
    assert isinstance(call.func, ast.Attribute)
    assert isinstance(call.args[0], ast.Name)
    return Question(
        call.args[0].id,
        tuple(sorted(str(name) for name in given)),
        str(order.value) if isinstance(order, ast.Constant) else "id",
        limited,
        call.func.attr == "tally",
        frozenset(
            str(name) for name, value in given.items() if not isinstance(value, ast.Attribute | ast.Constant)
        ),
        any(word in states for word in _ENDED),
    )


def ask(connection: Connection, organisation: str, question: Question, *, many: bool) -> None:
    """Run a search as the store does, with any values; `many` gives a list of them wherever it may be one."""
    shape, dialect = shape_of(_KINDS[question.kind]), connection.dialect.name
    matches = tuple(
        Match(shape.keyed.get(name, name), f"by_{name}", many=many and name in question.listed, empty=False)
        for name in question.fields
    )
    query: Executable = (
        tally(shape.table, matches, "id", dialect)
        if question.counts
        else search(shape.table, matches, question.order_by, dialect, limited=question.limited)
    )
    values: dict[str, object] = {"of_organisation": organisation, "of_limit": 20}
    for match in matches:
        held = _value(shape, match) if match.column != "state" else _state(question)
        values[match.name] = values_of(shape.table, match, [held, held] if match.many else [held], dialect)
    connection.execute(query, values)


def _state(question: Question) -> str:
    going_on, ended = STATES.get(question.table.name, ("open", "held"))
    return ended if question.of_ended else going_on


def _value(shape: Shape, match: Match) -> object:
    kind = shape.table.c[match.column].type
    try:
        return _VALUES[kind.python_type]
    except NotImplementedError:
        return _VALUES[datetime]
