"""Hands out the checked values of a TOML file one by one, so that all its faults are said at once, each on its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import TypeVar, cast

from checked_toml.file_text import key_of, plain_spaces, trimmed

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_MOST_DEEP = 30
"""How many tables and lists may stand in one another; whoever reads them on goes by recursion."""


@dataclass(slots=True)
class Table:
    """One table being read: hands out checked values and notes each fault with its line.

    After a fault a neutral value is handed out so that reading goes on; what is built from it is thrown away.
    """

    values: dict[str, object]
    path: Place
    file: str
    lines: Mapping[Place, int]
    errors: list[DefinitionError]
    _read: set[str] = field(default_factory=set)

    def fault(self, key: str | None, text: str) -> None:
        """Notes a fault at the line of `key`, or of the table's own heading."""
        self.errors.append(DefinitionError(self.file, self.line_of(key), text))

    def line_of(self, key: str | None) -> int:
        """The line, from 1, on which `key` stands, or the table's own heading."""
        place = self.path if key is None else (*self.path, key)
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        """The value of `key`, which must be of `kind`; without a default it is required."""
        self._read.add(key)
        if key not in self.values:
            if default is None:
                self.fault(key, f"“{key}” is missing.")
                return kind()
            return default
        value = self.values[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fault(key, f"“{key}” must be {_KINDS[kind]}.")
            return kind() if default is None else default
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not blank."""
        value = self.take(key, str, default)
        if value.strip() == "" and type(self.values.get(key)) is str:
            self.fault(key, f"“{key}” is empty.")
        return value

    def name(self, key: str) -> str:
        """An id: lower-case letters, digits and underscores."""
        value = self.text(key)
        if value.strip() and not _NAME.match(value):
            self.fault(key, f"“{key}” may hold lower-case letters, digits and underscores only.")
        return value

    def number(self, key: str, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self.take(key, int)
        if type(self.values.get(key)) is int and not least <= value <= most:
            self.fault(key, f"“{key}” must be from {least} to {most}.")
        return value

    def one_of(self, key: str, kind: type[E]) -> E | None:
        """A member of an enum by its value, or None after a fault."""
        value = self.text(key)
        for member in kind:
            if member.value == value:
                return member
        if value.strip():
            self.fault(key, f"“{key}” must be one of {', '.join(str(member.value) for member in kind)}.")
        return None

    def day(self, key: str) -> date | None:
        """A date, or None if the key is absent."""
        if isinstance(self.values.get(key), datetime):
            self.fault(key, f"“{key}” must be {_KINDS[date]}, without a time.")
        return self.take(key, date, date.max) if key in self.values else None

    def texts(self, key: str) -> list[str]:
        """A list of texts, empty if the key is absent."""
        rows = self.take(key, list, [])
        if not all(isinstance(row, str) and row.strip() for row in rows):
            self.fault(key, f"“{key}” must be a list of texts.")
        return [str(row) for row in rows]

    def table(self, key: str) -> Table:
        """The table under `key`. If it is missing, that is the one fault noted."""
        table = self._under(self.take(key, dict), key)
        if type(self.values.get(key)) is not dict:
            table.errors = []
        return table

    def tables(self, key: str) -> list[Table]:
        """The tables of the array under `key`, of which there must be at least one."""
        rows = self.take(key, list)
        if key in self.values and not (rows and all(isinstance(row, dict) for row in rows)):
            self.fault(key, f"“{key}” must be a list of tables, [[{key}]].")
            return []
        return [self._under(row, key, index) for index, row in enumerate(rows)]

    def refuse_unknown(self) -> None:
        """Notes every key that nothing asked for."""
        for key in sorted(self.values.keys() - self._read):
            self.fault(key, f"“{key}” is not known here.")

    def _under(self, values: dict[str, object], *steps: str | int) -> Table:
        return Table(values, (*self.path, *steps), self.file, self.lines, self.errors)


_KINDS: dict[type, str] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    dict: "a table",
    list: "a list",
    date: "a date, such as 2031-12-31",
}


def root(file: str, text: str, errors: list[DefinitionError]) -> Table | None:
    """The outermost table of a TOML text, or None (with the fault noted) if it is not TOML."""
    text = plain_spaces(text)
    try:
        values = tomllib.loads(text)
    except RecursionError:
        errors.append(DefinitionError(file, 1, _TOO_DEEP))
        return None
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+)", str(error))
        line = int(where.group(1)) if where else text.count("\n") + 1
        errors.append(DefinitionError(file, line, f"This is not valid TOML: {error}."))
        return None
    if _is_too_deep(values):
        errors.append(DefinitionError(file, 1, _TOO_DEEP))
        return None
    try:
        read = trimmed(values)
    except KeyError as twice:
        errors.append(DefinitionError(file, 1, f"“{twice.args[0]}” stands in one table twice."))
        return None
    return Table(cast("dict[str, object]", read), (), file, lines_of(text), errors)


_TOO_DEEP = "Too many tables or lists stand in one another."


def _is_too_deep(values: object) -> bool:
    """Level by level, since what is too deep for recursion is to be found here."""
    level = [values]
    for _ in range(_MOST_DEEP):
        level = [inner for one in level for inner in _held_in(one)]
    return bool(level)


def _held_in(value: object) -> Iterable[object]:
    match value:
        case dict():
            return value.values()
        case list():
            return value
        case _:
            return ()


Place = tuple[str | int, ...]
"""A table or key by the steps that lead to it; elements of an array are steps by number."""


def lines_of(text: str) -> dict[Place, int]:
    """The line, from 1, of every table and key of a valid TOML text. Array elements are steps by number."""
    found: dict[Place, int] = {}
    count: dict[Place, int] = {}
    here: Place = ()
    for line, statement, parsed in _statements(text):
        paths = list(_paths(parsed))
        if statement.lstrip().startswith("["):
            here = ()
            for step in paths[-1]:
                here = (*here, count[here] - 1, step) if here in count else (*here, step)
            found.setdefault(here, line)
            if statement.lstrip().startswith("[["):
                count[here] = count.get(here, 0) + 1
                here = (*here, count[here] - 1)
                found[here] = line
        else:
            for path in paths:
                found.setdefault((*here, *path), line)
    return found


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, object]]]:
    """Each statement alone with its first line: lines are added until they parse."""
    start, waiting = 1, ""
    for number, line in enumerate(text.split("\n"), start=1):
        start = start if waiting else number
        waiting += line + "\n"
        try:
            parsed = tomllib.loads(waiting)
        except tomllib.TOMLDecodeError:
            continue  # A list or a text that goes on over the next line.
        if parsed:
            yield start, waiting, parsed
        waiting = ""


def _paths(values: Mapping[str, object]) -> Iterator[tuple[str, ...]]:
    for typed, value in values.items():
        key = key_of(typed)
        yield (key,)
        if isinstance(value, dict):
            yield from ((key, *rest) for rest in _paths(value))


@dataclass(frozen=True, slots=True)
class DefinitionError:
    """One fault in one definition; `line` counts from 1."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class DefinitionErrors(Exception):
    """Every fault found, in order of file and line."""

    def __init__(self, errors: list[DefinitionError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: (error.file, error.line)))
        super().__init__("\n".join(str(error) for error in self.errors))
