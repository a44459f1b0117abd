"""Ends the desk's process at any statement or commit, or takes the database away from under it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import OperationalError

OURS = "simulator"
"""The option of connections that belong to the simulator, and so outlive the desk."""


_WRITES = re.compile(
    r'\s*(?:WITH .*? )?(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE | re.DOTALL
)


class Killed(BaseException):
    """The process ended here; nothing of it goes on."""


@dataclass
class Killer:
    """Counts what the process does with its stores, and ends it at the chosen one."""

    at_statement: int | None = None
    """How many statements are still let through."""
    at_commit: int | None = None
    after_commit: bool = False
    cut: Callable[[], None] | None = None
    """What is done at the chosen statement in place of a kill, such as to end the server's side."""
    away: bool = False
    """Whether the database answers nobody."""
    dead: bool = False
    died: Callable[[], None] = lambda: None
    """Called when the process ends, from wherever in it that was."""
    where: list[str] = field(default_factory=list)
    """At what each process ended."""
    written: set[str] = field(default_factory=set)
    """The tables that were written to since somebody looked last."""

    def alive(self) -> None:
        """Raise if the process has ended."""
        if self.dead:
            raise Killed

    def die(self, where: str) -> None:
        """End the process."""
        self.dead = True
        self.where.append(where)
        self.died()
        raise Killed

    def disarm(self) -> None:
        """Let everything through from now on."""
        self.at_statement = self.at_commit = self.cut = None
        self.away = False
        self.dead = False

    def statement(self, connection: Connection, statement: str) -> None:
        """One statement is about to run."""
        if connection.get_execution_options().get(OURS):
            return
        if (found := _WRITES.match(statement)) is not None:
            self.written.add(found[1])
        self.alive()
        if self.away:
            raise OperationalError("", {}, OSError("away"))
        if self.at_statement is not None:
            self.at_statement -= 1
            if self.at_statement < 0:
                self.at_statement = None
                cut, self.cut = self.cut, None
                if cut is None:
                    self.die("statement")
                else:
                    cut()

    def commit(self, really: Callable[[], None]) -> None:
        """One commit is about to happen; the process may end just before or just after it."""
        if self.at_commit is None:
            return really()
        self.at_commit -= 1
        if self.at_commit >= 0:
            return really()
        self.at_commit = None
        if self.after_commit:
            really()
        self.die("commit, just after" if self.after_commit else "commit, just before")


@contextmanager
def watched(killer: Killer) -> Iterator[None]:
    """Every statement and commit of every engine goes past the killer."""

    def before(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        killer.statement(connection, statement)

    really = DefaultDialect.do_commit

    def commit(self: DefaultDialect, connection: Any) -> None:
        killer.commit(lambda: really(self, connection))

    event.listen(Engine, "before_cursor_execute", before)
    patch = pytest.MonkeyPatch()
    patch.setattr(DefaultDialect, "do_commit", commit)
    try:
        yield
    finally:
        patch.undo()
        event.remove(Engine, "before_cursor_execute", before)
