"""Sentences that know how they are said in other languages: as a `str` each is the English.

A plain constant in a screen needs none of this: it is looked up as a whole when a view goes out (`in_language.py`).
What is put together from values, counts something, or stands inside another sentence is made here. Each is a `str` to
whoever passes it on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Self

from trim_bot.app.seam.languages import ENGLISH, Language

Value = str | int
"""What can stand in a sentence. A plain text is somebody's own, such as a name, and is never looked up."""


class Sentence(str):
    """A text of ours, in English; `within` says it in another language."""

    __slots__ = ("_within",)
    _within: Callable[[Language], str]

    def __new__(cls, english: str, within: Callable[[Language], str]) -> Self:
        """`within` gives the same in a language."""
        self = super().__new__(cls, english)
        self._within = within
        return self

    def within(self, language: Language) -> str:
        """The same in a language."""
        return self._within(language)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, seen: object) -> Self:
        return self


class Given(str):
    """A text that is not ours: a name, a label of the site, what somebody typed. It is never looked up."""

    __slots__ = ()


def as_given(text: str) -> str:
    """A text of somebody's own, where a sentence of ours could stand: nobody called "Open" is translated."""
    return Given(text)


def phrase(english: str, /, **values: Value) -> str:
    """A sentence with values: `phrase("You have room for {most} talks.", most=room)`.

    `english` is what translators are given. A value that is a word of ours has to be a Sentence itself.
    """
    return _made(lambda language: language.sentence(english), values)


def phrase_of(n: int, one: str, many: str, /, **values: Value) -> str:
    """A sentence that counts: `one` where `n` is 1, else `many`; both may say `{n}`. Some languages have more forms."""
    return _made(lambda language: language.plural(one, many, n), {"n": n, **values})


def ours(text: str) -> str:
    """A constant of ours that stands inside another sentence, or where somebody's own text could stand as well."""
    return text if not text or isinstance(text, Sentence | Given) else phrase(text)


def joined(parts: Iterable[str], between: str = " ") -> str:
    """Parts one after another; those that are plain are somebody's own."""
    held = tuple(parts)
    return Sentence(between.join(held), lambda language: between.join(_one(part, language) for part in held))


def listed(parts: Sequence[str]) -> str:
    """Parts in a row, the last after an *and*: `Maya, Priya and two more`; those that are plain are somebody's own."""
    *others, last = parts
    return phrase("{others} and {last}", others=joined(others, ", "), last=last) if others else joined(parts)


def capitalised(text: str) -> str:
    """The same with a capital letter first."""
    return Sentence(_capital(text), lambda language: _capital(_one(text, language)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_FIELD = re.compile(r"\{(\w+)\}")


def _made(pattern: Callable[[Language], str], values: Mapping[str, Value]) -> str:
    def within(language: Language) -> str:
        # By hand, and once over: a value that holds braces stays as it is.
        return _FIELD.sub(lambda found: _value(values, found, language), pattern(language))

    return Sentence(within(ENGLISH), within)


def _value(values: Mapping[str, Value], found: re.Match[str], language: Language) -> str:
    value = values.get(found[1])
    if value is None:
        return found[0]
    return str(value) if isinstance(value, int) else _one(value, language)


def _one(text: str, language: Language) -> str:
    return text.within(language) if isinstance(text, Sentence) else text
