"""The records of one transaction as they are now: those it read or changed, and which searches they answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar, cast

R = TypeVar("R")
Values = Mapping[str, frozenset[object]]
"""For each field of a search, the values as columns hold them, of which a record has one."""
Question = tuple[object, ...]
"""A search as it was asked, which can be looked up."""
Reader = Callable[[object, str], object]
"""What the column of a field holds for a record."""
_MOST = 500
"""So many searches of one kind are remembered; each change of a record looks through them."""


class _EveryOne:
    """All records of one kind whose fields have any of some values, by the field with the most of these."""

    def __init__(self, values: Values, *, whole: bool) -> None:
        self._values = values
        self.whole = whole
        self._by = max(values, key=lambda name: len(values[name]), default="")
        self._held: dict[object, dict[str, None]] = {}
        self._place: dict[str, object] = {}

    def covers(self, wanted: Values) -> bool:
        """Whether every record that is wanted is among these."""
        return all(name in wanted and wanted[name] <= held for name, held in self._values.items())

    def ids(self, wanted: Values) -> list[str]:
        """Those that may be wanted, by all but what `left_open` names."""
        values = wanted[self._by] if self._by else (None,)
        return [id for value in values for id in self._held.get(value, ())]

    def left_open(self, wanted: Values) -> Values:
        """What is still to be asked of each of these: no more than every one of them has."""
        return {
            name: held
            for name, held in wanted.items()
            if name != self._by and not (name in self._values and self._values[name] <= held)
        }

    def put(self, id: str, record: object, column: Reader) -> None:
        """A record as it is now, whether or not it belongs here."""
        self.drop(id)
        if all(column(record, name) in held for name, held in self._values.items()):
            place = column(record, self._by) if self._by else None
            self._held.setdefault(place, {})[id] = None
            self._place[id] = place

    def drop(self, id: str) -> None:
        """A record that is no more."""
        if id in self._place:
            del self._held[self._place.pop(id)][id]


class _Tally:
    """How many rows have each value of one column, among those with some values."""

    def __init__(self, by: str, values: Values, counted: Mapping[str, int]) -> None:
        self._by = by
        self._values = values
        self._counted = Counter(counted)

    def tells(self, by: str, wanted: Values) -> dict[str, int] | None:
        """The same for fewer values of that column, or None where this says nothing of it."""
        if by != self._by or wanted.keys() != self._values.keys():
            return None
        if any(wanted[name] != held for name, held in self._values.items() if name != by):
            return None
        if not wanted.get(by, frozenset()) <= self._values.get(by, frozenset()):
            return None
        of = {str(value) for value in wanted[by]} if by in wanted else None
        return {value: n for value, n in self._counted.items() if n and (of is None or value in of)}

    def change(self, record: object, column: Reader, by: int) -> None:
        """A record comes (1) or goes (-1)."""
        if all(column(record, name) in held for name, held in self._values.items()):
            self._counted[str(column(record, self._by))] += by


class SeenRecords:
    """Records by id, and what searches found; a change of a record here is a change of what they find.

    Safe because a transaction is alone in writing its organisation, or reads one snapshot. A search of which every
    record was found before, by one that asked for no less, is answered from here: so a list reads what its rows
    need in one statement, and each row looks it up as if it were alone. What names a record that was made here, by
    an id drawn at random, was made or changed here too.
    """

    def __init__(self) -> None:
        self._records: defaultdict[type[object], dict[str, object]] = defaultdict(dict)
        self._answers: defaultdict[type[object], dict[Question, list[object]]] = defaultdict(dict)
        self._found: defaultdict[type[object], list[_EveryOne]] = defaultdict(list)
        self._put_here: defaultdict[type[object], dict[str, None]] = defaultdict(dict)
        self._drawn: set[object] = set()
        self._tallies: defaultdict[type[object], list[_Tally]] = defaultdict(list)
        self._missing: set[tuple[type[object], str]] = set()

    def one(self, kind: type[R], id: str) -> R | None:
        """The record, if it was read or written before."""
        return cast("R | None", self._records[kind].get(id))

    def note(self, kind: type[object], records: Iterable[object]) -> None:
        """Keep records that were just read."""
        for record in records:
            self._records[kind][_id(record)] = record

    def answer(self, kind: type[R], question: Question) -> list[R] | None:
        """What the very same search found before, or None if it was not asked or something changed since."""
        answers = self._answers[kind]
        found = answers.get(question) if answers else None
        return None if found is None else cast("list[R]", list(found))

    def among(self, kind: type[R], wanted: Values, column: Reader) -> list[R] | None:
        """The records that are wanted, in no order, if all of them are known here."""
        if any(values <= self._drawn for values in wanted.values()):
            ids, asked = list(self._put_here[kind]), wanted
        else:
            known = next((one for one in reversed(self._found[kind]) if one.covers(wanted)), None)
            if known is None:
                return None
            ids, asked = known.ids(wanted), known.left_open(wanted)
        records = [self._records[kind][id] for id in ids]
        for name, held in asked.items():
            records = [one for one in records if column(one, name) in held]
        return cast("list[R]", records)

    def keep_answer(self, kind: type[R], question: Question, found: list[R]) -> None:
        """Keep what a search found, and each record that it found."""
        self._answers[kind][question] = list(found)
        self.note(kind, found)

    def keep_all(self, kind: type[R], wanted: Values, column: Reader, found: list[R], *, whole: bool) -> None:
        """`found`, which are noted, are all records with these values: what asks for less is answered from them.

        `whole` says that no row was left out because it did not open or was not as it was written.
        """
        known = _EveryOne(wanted, whole=whole)
        for record in found:
            known.put(_id(record), record, column)
        every = self._found[kind]
        if len(every) >= _MOST:
            del every[: _MOST // 2]
        every.append(known)

    def tally(self, kind: type[object], by: str, wanted: Values, column: Reader) -> dict[str, int] | None:
        """How many records each value of a column has, by a tally or a search that asked for no less; None else."""
        told = (one.tells(by, wanted) for one in self._tallies[kind])
        found = next((one for one in told if one is not None), None)
        if found is None and any(one.whole and one.covers(wanted) for one in self._found[kind]):
            known = self.among(kind, wanted, column) or []
            return dict(Counter(str(column(record, by)) for record in known))
        return found

    def keep_tally(self, kind: type[object], by: str, wanted: Values, counted: Mapping[str, int]) -> None:
        """Keep what a tally came to."""
        self._tallies[kind].append(_Tally(by, wanted, counted))

    def added(self, record: object, column: Reader, *, drawn: bool) -> None:
        """A record that is new; `drawn` says that nothing can have named its id before."""
        kind, id = type(record), _id(record)
        if drawn:
            self._drawn.add(id)
        for tally in self._tallies[kind]:
            tally.change(record, column, 1)
        self._put(kind, id, record, column)

    def has_no_row(self, kind: type[object], id: str) -> bool:
        """Whether it is known that no row of this kind has an id, of which no record was read or made here.

        The id was drawn for a record of another kind, or was asked for among others and not found.
        """
        if id in self._drawn or (kind, id) in self._missing:
            return True
        wanted = {"id": frozenset((id,))}
        return any(known.whole and known.covers(wanted) for known in self._found[kind])

    def note_missing(self, kind: type[object], id: str) -> None:
        """There is no such row."""
        self._missing.add((kind, id))

    def written(self, record: object, column: Reader) -> None:
        """A record as it is from now on."""
        kind, id = type(record), _id(record)
        before = self._records[kind].get(id)
        if before is None:
            # Nobody knows how it was counted.
            self._tallies.pop(kind, None)
        else:
            for tally in self._tallies[kind]:
                tally.change(before, column, -1)
                tally.change(record, column, 1)
        self._put(kind, id, record, column)

    def _put(self, kind: type[object], id: str, record: object, column: Reader) -> None:
        self._records[kind][id] = record
        self._put_here[kind][id] = None
        self._missing.discard((kind, id))
        self._answers.pop(kind, None)
        for known in self._found[kind]:
            known.put(id, record, column)

    def dropped(self, kind: type[object], id: str) -> None:
        """A record that is no more."""
        self._records[kind].pop(id, None)
        self._tallies.pop(kind, None)
        self._put_here[kind].pop(id, None)
        self._answers.pop(kind, None)
        for known in self._found[kind]:
            known.drop(id)


class NothingSeen(SeenRecords):
    """Keeps nothing, for transactions whose rows are changed behind their back."""

    def note(self, kind: type[object], records: Iterable[object]) -> None:
        """Let them go at once."""

    def note_missing(self, kind: type[object], id: str) -> None:
        """Let it go at once."""

    def keep_tally(self, kind: type[object], by: str, wanted: Values, counted: Mapping[str, int]) -> None:
        """Let it go at once."""

    def keep_answer(self, kind: type[R], question: Question, found: list[R]) -> None:
        """Let it go at once."""

    def keep_all(self, kind: type[R], wanted: Values, column: Reader, found: list[R], *, whole: bool) -> None:
        """Let them go at once."""

    def added(self, record: object, column: Reader, *, drawn: bool) -> None:
        """Let it go at once."""

    def written(self, record: object, column: Reader) -> None:
        """Let it go at once."""


def _id(record: object) -> str:
    return str(getattr(record, "id"))  # noqa: B009 (every record has one)
