"""Finds the line of every key of a TOML text, which the standard library's reader does not tell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping

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
    for key, value in values.items():
        yield (key,)
        if isinstance(value, dict):
            yield from ((key, *rest) for rest in _paths(value))
