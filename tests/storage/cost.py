"""Counts what a piece of work asks of the databases: statements, transactions, and questions to the key store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, event

from tests.fakes_crypto import MemoryKeyStore
from trim_bot.storage.store import SqlStore

_ASKED = ("get", "take", "add", "still_taken", "give_back", "delete")


class Cost(NamedTuple):
    """What one piece of work came to."""

    statements: int
    transactions: int
    keys: int
    """Questions to the key store."""


@dataclass
class Meter:
    """Watches one store and the key store beside it."""

    store: SqlStore
    keys: MemoryKeyStore
    statements: list[str] = field(default_factory=list)
    transactions: int = 0
    asked: int = 0

    @property
    def cost(self) -> Cost:
        """What was counted since it was begun."""
        return Cost(len(self.statements), self.transactions, self.asked)

    @contextmanager
    def counting(self) -> Iterator[Meter]:
        """Count what happens inside, from nothing."""
        self.statements.clear()
        self.transactions = self.asked = 0
        ways = {name: getattr(self.keys, name) for name in _ASKED}
        engines = (self.store._writing, self.store._reading)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", self._statement)
            event.listen(engine, "begin", self._begun)
        for name, way in ways.items():
            setattr(self.keys, name, self._asking(way))
        try:
            yield self
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", self._statement)
                event.remove(engine, "begin", self._begun)
            for name in ways:
                delattr(self.keys, name)

    def _statement(self, _connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            self.statements.append(statement)

    def _begun(self, _connection: Connection) -> None:
        self.transactions += 1

    def _asking(self, way):
        def asked(*given):
            self.asked += 1
            return way(*given)

        return asked
