"""Finds people by a part of their name, in a list held in memory or in the rows of a page: pure text, and nothing else
about anybody: one file, since a name has to be found alike wherever it stands.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from trim_bot.domain.clean_text import APOSTROPHES

T = TypeVar("T")

LEAST_LETTERS = 3
"""Fewer letters would show much of the list; fewer find whole words alone, such as `Li` or `Ng`."""
LEAST_SYLLABLES = 2
"""The same for scripts of which one letter is a syllable or a word."""
MOST_MATCHES = 20
MOST_TYPED = 100
"""Letters of what was typed that are looked at; no name is found by more."""
MOST_WORDS = 8

_SYLLABLES = re.compile(
    "[\u3040-\u30ff\u3105-\u312f\u3400-\u9fff\ua000-\ua48c\uac00-\ud7a3\U00020000-\U0003ffff]"
)
_TATWEEL = "\u0640"
_ALIKE = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        # Written either way in Arabic and Persian, by whichever keyboard.
        "\u0629": "\u0647",
        "\u0649": "\u064a",
        "\u06cc": "\u064a",
        "\u06a9": "\u0643",
    }
)
"""Letters that people write as others and that no normal form takes apart."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody whom a form can name: `Address.text`, name, and the place their platform tells of, if any."""

    address: str
    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Matches:
    """Who was found, those first in whose name a word begins as typed; `more` says that there are others.

    `too_short` says that too little was typed to look for parts of names.
    """

    people: tuple[Colleague, ...] = ()
    more: bool = False
    too_short: bool = False


NOBODY: frozenset[str] = frozenset()


class NameIndex:
    """People of one list, to be found by name. A look takes milliseconds for 50,000; nothing changes it."""

    def __init__(self, people: Iterable[Colleague]) -> None:
        self.people: Sequence[Colleague] = sorted(
            people, key=lambda one: (one.name.casefold(), one.place.casefold(), one.address)
        )
        self._at = {one.address: one for one in self.people}
        self._begins = array("I")
        lines: list[str] = []
        length = 0
        for one in self.people:
            self._begins.append(length)
            line = f"\n {' '.join(words_in(one.name))} "
            lines.append(line)
            length += len(line)
        self._begins.append(length)
        self._text = "".join(lines)

    def __len__(self) -> int:
        return len(self.people)

    def at(self, address: str) -> Colleague | None:
        """The one with this address, or None."""
        return self._at.get(address)

    def find(self, typed: str, *, without: frozenset[str] = NOBODY, most: int = MOST_MATCHES) -> Matches:
        """Who has every word typed somewhere in their name, in any order; nobody whose address is in `without`."""
        words = words_in(typed)
        if not words:
            return Matches(too_short=True)
        if not _is_enough(typed):
            found = self._some(tuple(f" {word} " for word in words), (), without, most)
            return found if found.people else Matches(too_short=True)
        return self._some(tuple(f" {word}" for word in words), words, without, most)

    def named(self, typed: str, *, without: frozenset[str] = NOBODY) -> tuple[Colleague, ...]:
        """Those whose whole name was typed, whatever its order, case and accents."""
        words = words_in(typed)
        if not words:
            return ()
        whole = sorted(words)
        lines = self._lines(tuple(f" {word}" for word in words))
        found = (self.people[at] for at in lines if sorted(self._line(at).split()) == whole)
        return tuple(one for one in found if one.address not in without)

    def _some(
        self, first: tuple[str, ...], then: tuple[str, ...], without: frozenset[str], most: int
    ) -> Matches:
        """Those who have all of `first`, and behind them those who have all of `then`, each once."""
        taken: dict[int, None] = {}
        for pieces in (first, then):
            for at in self._lines(pieces) if pieces else ():
                if at in taken or self.people[at].address in without:
                    continue
                if len(taken) == most:
                    return Matches(tuple(self.people[one] for one in taken), more=True)
                taken[at] = None
        return Matches(tuple(self.people[one] for one in taken))

    def _lines(self, pieces: tuple[str, ...]) -> Iterator[int]:
        """The places in the list of those who have every piece, in order.

        Each piece leaps to the line the others have reached, so that what many have costs no more than what few have.
        """
        at, reached, turn = 0, 0, 0
        while at < len(self.people):
            position = self._text.find(pieces[turn], self._begins[at])
            if position < 0:
                return
            line = bisect_right(self._begins, position, at) - 1
            reached = reached + 1 if line == at else 1
            at, turn = line, (turn + 1) % len(pieces)
            if reached >= len(pieces):
                yield at
                at, reached = at + 1, 0

    def _line(self, at: int) -> str:
        return self._text[self._begins[at] : self._begins[at + 1]]


@dataclass(frozen=True, slots=True)
class PeopleChoice:
    """Whom somebody may name in a form: all of a list but themselves; no `index` while the list is not there."""

    index: NameIndex | None = field(default=None, repr=False)
    own: frozenset[str] = field(default=NOBODY, repr=False)

    @property
    def is_there(self) -> bool:
        """Whether there is anybody to find."""
        return self.index is not None and len(self.index) > 0

    def few(self) -> tuple[Colleague, ...]:
        """Everybody, where that is no more than a look would find; else nobody."""
        if self.index is None or len(self.index) - len(self.own) > MOST_MATCHES:
            return ()
        return tuple(one for one in self.index.people if one.address not in self.own)

    def find(self, typed: str, picked: Iterable[str] = ()) -> Matches:
        """Who has what was typed in their name and is not picked already."""
        return self.index.find(typed, without=self.own.union(picked)) if self.index is not None else Matches()

    def named(self, typed: str) -> tuple[Colleague, ...]:
        """Those whose whole name was typed."""
        return self.index.named(typed, without=self.own) if self.index is not None else ()

    def fits(self, address: str, typed: str) -> bool:
        """Whether whoever has this address has every word typed in their name."""
        one, words = self.at(address), words_in(typed)
        return bool(words) and one is not None and _has(words_in(one.name), words)

    def at(self, address: str) -> Colleague | None:
        """Whoever has this address on the list."""
        return self.index.at(address) if self.index is not None else None


_WHOLE, _BEGINS, _WORD_BEGINS, _ANYWHERE = range(4)


def found_by_name(rows: Iterable[T], name: Callable[[T], str], typed: str) -> list[T]:
    """The rows whose name has every part of what was typed: `ann lee` finds Lee-Ann Smith, and `olaf` Ólafur.

    First whole names, then those that begin with it, then those of which a word does, then the others, each in the
    order given. All of them, where nothing was typed that has a letter or digit.
    """
    parts = _all_words(typed)
    if not parts:
        return list(rows)
    ranked = [(_rank(words, parts), row) for row in rows if _has(words := _all_words(name(row)), parts)]
    return [row for _, row in sorted(ranked, key=lambda one: one[0])]


def has_letters(typed: str) -> bool:
    """Whether there is anything in what was typed that a name could have."""
    return bool(_all_words(typed))


def _has(words: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether every part stands somewhere in the words of a name."""
    return all(any(part in word for word in words) for part in parts)


def _rank(words: Sequence[str], parts: Sequence[str]) -> int:
    if sorted(words) == sorted(parts):
        return _WHOLE
    if words[0].startswith(parts[0]):
        return _BEGINS
    return _WORD_BEGINS if any(word.startswith(parts[0]) for word in words) else _ANYWHERE


def _all_words(text: str) -> list[str]:
    """Word by word, so that however long the label of a row is all of it is looked at."""
    return [word for part in text.split() for word in words_in(part)]


def words_in(text: str) -> tuple[str, ...]:
    """The words of a name without case, accents, width and marks: `O’Brien-Łęcka, Zoë` gives `obrien lecka zoe`.

    Vowel signs that stand for letters of their own, as in Hindi or Thai, stay.
    """
    plain = unicodedata.normalize("NFKC", text[:MOST_TYPED]).casefold().translate(_ALIKE)
    letters = "".join(_letter(one) for one in unicodedata.normalize("NFKD", plain))
    return tuple(letters.split()[:MOST_WORDS])


def _letter(one: str) -> str:
    if one.isascii():
        return one if one.isalnum() else "" if one in APOSTROPHES else " "
    kind = unicodedata.category(one)
    if one in APOSTROPHES or one == _TATWEEL or unicodedata.combining(one) or kind == "Cf":
        return ""
    return one if one.isalnum() or kind[0] == "M" else " "


def _is_enough(typed: str) -> bool:
    """Whether one of the words typed is long enough to look for in the midst of names."""
    for word in unicodedata.normalize("NFC", unicodedata.normalize("NFKC", typed[:MOST_TYPED])).split():
        letters = sum(one.isalnum() for one in word)
        if letters >= (LEAST_SYLLABLES if _SYLLABLES.search(word) else LEAST_LETTERS):
            return True
    return False
