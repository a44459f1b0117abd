"""Reads every sentence of an example as a person does, and estimates how hard it is to read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.reading import texts
from trim_bot.app.seam.views import (
    View,
)

_END = re.compile(r"(?<=[.?!:])\s+|\n")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_CODE = re.compile(r"\b(?=\w*\d)\w{12,}\b")
"""An opaque id."""


def sentences(view: View) -> list[str]:
    """The sentences on a screen; a label or an answer counts as one."""
    return [one.strip() for text in texts(view) for one in _END.split(text) if one.strip()]


def words(sentence: str) -> list[str]:
    """The words of a sentence; numbers and codes are none."""
    return _WORD.findall(_CODE.sub("", sentence))


def grade(views: Mapping[str, View] | list[View]) -> float:
    """The Flesch-Kincaid grade of whole sentences on some screens; syllables are estimated by groups of vowels."""
    every = list(views.values()) if isinstance(views, Mapping) else views
    whole = [one for view in every for one in sentences(view) if one.endswith((".", "?"))]
    said = [word for one in whole for word in words(one)]
    if not said:
        return 0.0
    return 0.39 * len(said) / len(whole) + 11.8 * sum(map(_syllables, said)) / len(said) - 15.59


def _syllables(word: str) -> int:
    plain = re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", plain)))
