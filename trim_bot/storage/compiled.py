"""Statements compiled once in a process, whichever of its engines runs them.

Each engine would compile every statement for itself, which takes longer than running it a few times.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import Compiled, Dialect

_MOST = 2000
"""More statements than there are; beyond it the memory begins anew."""


class CompiledStatements(MutableMapping[Any, Compiled]):
    """What SQLAlchemy takes as `compiled_cache`, shared by the engines that speak alike."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[object, ...], Compiled] = {}

    def __getitem__(self, key: Any) -> Compiled:
        return self._compiled[_alike(key)]

    def get(self, key: Any, default: Any = None) -> Any:
        """The compiled statement, or the default; asked at every execution."""
        return self._compiled.get(_alike(key), default)

    def __setitem__(self, key: Any, compiled: Compiled) -> None:
        if len(self._compiled) >= _MOST:
            self._compiled.clear()
        self._compiled[_alike(key)] = compiled

    def __delitem__(self, key: Any) -> None:
        del self._compiled[_alike(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(tuple(self._compiled))

    def __len__(self) -> int:
        return len(self._compiled)


def _alike(key: tuple[object, ...]) -> tuple[object, ...]:
    """The key of a statement, by what of its engine's dialect shapes it instead of by the engine."""
    dialect, *rest = key
    if not isinstance(dialect, Dialect):
        return key
    return (type(dialect), dialect.paramstyle, dialect.server_version_info, *rest)


COMPILED_ONCE: dict[str, object] = {"compiled_cache": CompiledStatements()}
"""The execution options of every engine of the stores."""
