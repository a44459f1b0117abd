"""What one transaction has read already, so that a gesture that asks the same many times reads it once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar, cast

R = TypeVar("R")
_Question = tuple[object, ...]


class SeenRecords:
    """Records by id, and answers to searches; both until a record of their kind is changed in the transaction.

    Safe because a transaction is alone in writing its organisation, or reads one snapshot.
    """

    def __init__(self) -> None:
        self._records: dict[tuple[type[object], str], object] = {}
        self._answers: defaultdict[type[object], dict[_Question, list[object]]] = defaultdict(dict)

    def one(self, kind: type[R], id: str) -> R | None:
        """The record, if it was read before."""
        return cast("R | None", self._records.get((kind, id)))

    def note(self, kind: type[object], records: Iterable[object]) -> None:
        """Keep records that were just read."""
        for record in records:
            self._records[kind, str(getattr(record, "id"))] = record  # noqa: B009 (every record has one)

    def answer(self, kind: type[R], query: object, values: Mapping[str, object]) -> list[R] | None:
        """What a search with these values found before, or None if it was not asked."""
        found = self._answers[kind].get(_question(query, values))
        return None if found is None else cast("list[R]", list(found))

    def keep_answer(self, kind: type[R], query: object, values: Mapping[str, object], found: list[R]) -> None:
        """Keep what a search found, and each record that it found."""
        self._answers[kind][_question(query, values)] = list(found)
        self.note(kind, found)

    def changed(self, kind: type[object], id: str) -> None:
        """A record of this kind is added, replaced or deleted: what was found among them may be so no longer."""
        self._records.pop((kind, id), None)
        self._answers.pop(kind, None)


class NothingSeen(SeenRecords):
    """Keeps nothing, for transactions whose rows are changed behind their back."""

    def note(self, kind: type[object], records: Iterable[object]) -> None:
        """Let them go at once."""

    def keep_answer(self, kind: type[R], query: object, values: Mapping[str, object], found: list[R]) -> None:
        """Let it go at once."""


def _question(query: object, values: Mapping[str, object]) -> _Question:
    """A search as something that can be looked up; statements are built once, so each is itself."""
    given = (tuple(value) if isinstance(value, list) else value for value in values.values())
    return (query, *given)
