"""What the fake store remembers of one organisation, copied on write so that a body can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from trim_bot.domain.records import AnyMeasure, JournalEntry

Table = dict[str, object]


@dataclass
class State:
    """Records by type and id, the chain, and kept figures by period."""

    tables: dict[type[object], Table] = field(default_factory=dict)
    journal: list[JournalEntry] = field(default_factory=list)
    figures: dict[tuple[str, AnyMeasure], int] = field(default_factory=dict)

    def copy(self) -> State:
        """A state of its own; the records in it are frozen and shared."""
        return State(
            {kind: dict(table) for kind, table in self.tables.items()}, list(self.journal), dict(self.figures)
        )

    def table(self, kind: type[object]) -> Table:
        """The records of one type, by id."""
        return self.tables.setdefault(kind, {})

    def each(self, kind: type[object]) -> Iterator[object]:
        """Every record of one type."""
        yield from self.tables.get(kind, {}).values()
