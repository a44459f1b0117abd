"""Finds rows of a list at hand by some letters of any part of their name, whatever case, accents and order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from trim_bot.domain.name_search import words_in

T = TypeVar("T")

_WHOLE, _BEGINS, _WORD_BEGINS, _ANYWHERE = range(4)


def found_by_name(rows: Iterable[T], name: Callable[[T], str], typed: str) -> list[T]:
    """The rows whose name has every part of what was typed: `ann lee` finds Lee-Ann Smith, and `olaf` Ólafur.

    First whole names, then those that begin with it, then those of which a word does, then the others, each in the
    order given. All of them, where nothing was typed that has a letter or digit.
    """
    parts = _words(typed)
    if not parts:
        return list(rows)
    ranked = [(rank, row) for row in rows if (rank := _rank(_words(name(row)), parts)) is not None]
    return [row for _, row in sorted(ranked, key=lambda one: one[0])]


def has_letters(typed: str) -> bool:
    """Whether there is anything in what was typed that a name could have."""
    return bool(_words(typed))


def _words(text: str) -> list[str]:
    """Word by word, so that however long a text is all of it is looked at."""
    return [word for part in text.split() for word in words_in(part)]


def _rank(words: Sequence[str], parts: Sequence[str]) -> int | None:
    name = " ".join(words)
    if not all(part in name for part in parts):
        return None
    if sorted(words) == sorted(parts):
        return _WHOLE
    if name.startswith(parts[0]):
        return _BEGINS
    return _WORD_BEGINS if any(word.startswith(parts[0]) for word in words) else _ANYWHERE
