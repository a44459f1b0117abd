"""Lists whose length comes from data, a part at a time: which rows a page shows, and where the next one begins.

A place in a list is the order of the last row shown, and never a number: what is ended, or comes in between, shifts
nothing, so that no row is passed over. What has become more urgent meanwhile stands at the beginning, where a button
leads. The place travels in the sealed token of the command that opens the list, in its field `after`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Generic, TypeVar

from trim_bot.app.seam.command import FIRST, Command, ListPlace, Opening
from trim_bot.app.seam.sentences import joined, ours, phrase, phrase_of
from trim_bot.app.seam.unsigned import Block, Button, Form
from trim_bot.app.seam.views import Text, TextInput, Weight
from trim_bot.domain.name_search import found_by_name
from trim_bot.domain.policy import POLICY

T = TypeVar("T")
U = TypeVar("U")

_BETWEEN = "\x1f"
"""Stands between the parts of a place: below every sign that a part can hold."""
_DIGITS = 20
_MOST = int("9" * _DIGITS)
_START = datetime(1, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_MARK_BYTES = 6


def placed(*parts: bool | int | datetime | str) -> ListPlace:
    """Parts as one text that is sorted as they are by turns: False before True, earlier before later.

    Numbers are whole and not below nought, moments aware. The last part is an id, so that no two rows are in one place.
    """
    return ListPlace(_BETWEEN.join(map(_part, parts)))


def newest_first(moment: datetime) -> int:
    """A part of a place that puts the later of two moments (aware) first."""
    return _MOST - _ticks(moment)


def _part(part: bool | int | datetime | str) -> str:
    match part:
        case str():
            return part
        case datetime():
            return _part(_ticks(part))
        case _:
            return f"{int(part):0{_DIGITS}}"


def _ticks(moment: datetime) -> int:
    return (moment - _START) // _TICK


@dataclass(frozen=True, slots=True)
class ListPart(Generic[T]):
    """Some rows of a list that whoever looks may see, in their order."""

    rows: tuple[T, ...]
    first: int
    """The number of the first of them in the whole list, from 1."""
    of: int
    """How many there are in all: of those alone that whoever looks may see."""
    after: ListPlace = FIRST
    """The place of the last of them; empty where none follows."""

    @property
    def is_whole(self) -> bool:
        """Whether these are all there are."""
        return len(self.rows) == self.of

    def holding(self, rows: Iterable[U]) -> ListPart[U]:
        """The same part with each row made into something else."""
        return ListPart(tuple(rows), self.first, self.of, self.after)


def part_of(
    rows: Iterable[T],
    place: Callable[[T], ListPlace],
    after: ListPlace = FIRST,
    most: int = POLICY.rows_on_a_page,
) -> ListPart[T]:
    """The rows that follow the place `after`, at most `most`, in the order of their places.

    Where all that followed has gone meanwhile, the last rows there are.
    """
    ordered = sorted(((place(row), row) for row in rows), key=lambda one: one[0])
    begin = next((n for n, (at, _) in enumerate(ordered) if at > after), max(len(ordered) - most, 0))
    some = ordered[begin : begin + most]
    more = begin + most < len(ordered)
    return ListPart(tuple(row for _, row in some), begin + 1, len(ordered), some[-1][0] if more else FIRST)


def part_by_id(
    rows: Sequence[T], id: Callable[[T], str], after: ListPlace = FIRST, most: int = POLICY.rows_on_a_page
) -> ListPart[T]:
    """The same of rows that are in their order, such as that of names, which are to travel nowhere.

    The place is a mark of each row of the page before. What follows is the first row behind any of them that was not
    on it: whoever has gone, or stands elsewhere by now, hides nobody, and at worst somebody is shown twice.
    """
    met = frozenset(after.split())
    begin = _behind([_mark(id(row)) for row in rows], met) if met else 0
    begin = begin if begin < len(rows) else max(len(rows) - most, 0)
    some = tuple(rows[begin : begin + most])
    end = begin + len(some)
    follows = ListPlace(" ".join(_mark(id(row)) for row in some)) if end < len(rows) else FIRST
    return ListPart(some, begin + 1, len(rows), follows)


def _behind(marks: Sequence[str], met: Collection[str]) -> int:
    """The number, from 0, of the row that follows those met; the first of all where none of those is there any more."""
    first = next((n for n, mark in enumerate(marks) if mark in met), None)
    if first is None:
        return 0
    return next((n for n in range(first, len(marks)) if marks[n] not in met), len(marks))


def _mark(id: str) -> str:
    """A short mark of an id, so that those of a whole page fit into a button of every chat."""
    return blake2b(id.encode(), digest_size=_MARK_BYTES).hexdigest()


def whole(rows: Iterable[T]) -> ListPart[T]:
    """All the rows of a short list, in the order given."""
    held = tuple(rows)
    return ListPart(held, 1, len(held))


def found_part(
    rows: Iterable[T], name: Callable[[T], str], typed: str, most: int = POLICY.rows_on_a_page
) -> ListPart[T]:
    """The rows whose name has what was typed, the best first and at most `most`; of how many it says."""
    found = found_by_name(rows, name, typed)
    return ListPart(tuple(found[:most]), 1, len(found))


def numbered(labels: Sequence[str]) -> list[str]:
    """The same, each that stands there more than once with its number, so that no two buttons read alike."""
    same, seen = Counter(labels), Counter[str]()
    told: list[str] = []
    for label in labels:
        seen[label] += 1
        told.append(
            label if same[label] == 1 else phrase("{label} ({number})", label=ours(label), number=seen[label])
        )
    return told


def onward(part: ListPart[T], opens: Callable[[ListPlace], Command]) -> list[Block]:
    """What stands below a part of a list: where one is, and the ways on; nothing below a list that is there whole.

    `opens` makes the command that shows what follows a place.
    """
    if part.is_whole:
        return []
    ways = [Button(NEXT, opens(part.after))] if part.after else []
    if part.first > 1:
        ways.append(Button(FROM_THE_FIRST, opens(FIRST), Weight.QUIET))
    return [Text(shown_line(part), quiet=True), *ways]


def counted(part: ListPart[T]) -> list[Block]:
    """What stands above a list that is not there whole: which rows of how many these are, seen before any of them."""
    return [] if part.is_whole else [Text(shown_line(part), quiet=True)]


def finding(part: ListPart[T], form: Opening) -> list[Block]:
    """The same, and the way to the form that finds a row by name."""
    return [] if part.is_whole else [*counted(part), Button(FIND_BY_NAME, form, Weight.QUIET)]


def by_name(shown_by: Opening, title: str, back: Opening, hint: str = "") -> Form:
    """The form for finding a row by name; `back` shows the list."""
    return Form(
        shown_by,
        title,
        (
            TextInput(
                "typed",
                PART_OF_NAME,
                joined((ours(ANY_PART), ours(hint))) if hint else ANY_PART,
                max_length=100,
            ),
        ),
        submit=FIND,
        back=Button("Back", back),
    )


def found(part: ListPart[T], rows: Iterable[Block], again: Opening, back: Button) -> tuple[Block, ...]:
    """What was found, as `rows`; above it how many, below it the way to look again and `back`."""
    return (Text(_found_line(part)), *rows, Button(FIND_ANOTHER, again), back)


NEXT = "Next"
FROM_THE_FIRST = "Back to the first"
FIND = "Find"
FIND_BY_NAME = "Find by name"
FIND_ANOTHER = "Find somebody else"
PART_OF_NAME = "Part of their name"
ANY_PART = "Three letters of any part of the name are often enough."
NOBODY = "Nobody here has that in their name. Please try other letters."


def shown_line(part: ListPart[T]) -> str:
    """`1 to 15 of 57`; of a page with one row `57 of 57`."""
    last = part.first + len(part.rows) - 1
    if last > part.first:
        return phrase("{first} to {last} of {of}", first=part.first, last=last, of=part.of)
    return phrase("{last} of {of}", last=last, of=part.of)


def _found_line(part: ListPart[T]) -> str:
    if not part.of:
        return NOBODY
    if not part.is_whole:
        return phrase(
            "These are the first {number} of {of}. Type more letters to see others.",
            number=len(part.rows),
            of=part.of,
        )
    return phrase_of(part.of, "One person was found.", "{n} people were found.")
