"""What is said of the numbers that come with the desk: a line's proper name stays as it is, what describes it is ours.

Sites keep these numbers in settings of their own, so each is known again by its text. Whatever a site wrote in words of
its own is left as it is.
"""

from __future__ import annotations

import re

from trim_bot.app.seam.sentences import as_given, ours, phrase
from trim_bot.domain.site import CrisisNumber

DESCRIBED = frozenset(
    {
        "Emergency services",
        "Ambulance",
        "Police",
        "Suicide intervention line",
        "Suicide prevention line",
        "NHS mental health line, England and Wales",
        "Breathing Space, Scotland",
        "Lifeline, Northern Ireland",
        "Zelfmoordlijn (Dutch)",
    }
)
"""What lines are called in words of ours, wholly or in part."""
SOURCES = frozenset(
    {
        "European emergency number, Directive (EU) 2018/1972, article 109",
        "European emergency number, Directive (EU) 2018/1972, article 109; 999 as commonly published",
        "National emergency number as commonly published; not checked with its authority",
        "As commonly published; not checked with the line",
    }
)
"""Where they were found."""
LOCAL = "your local emergency number"
_TWO = re.compile(r"(\d[\d ]*) or (\d[\d ]*)")
_OR_TEXT = re.compile(r"(\d[\d ]*), or text (\d[\d ]*)")
_OPTION = re.compile(r"(\d[\d ]*), option (\d)")
_WORD = re.compile(r"text ([A-Z]+) to (\d[\d ]*)")


def called(number: CrisisNumber) -> str:
    """Who answers."""
    return ours(number.label) if number.label in DESCRIBED else as_given(number.label)


def found_in(number: CrisisNumber) -> str:
    """Where it was found."""
    return ours(number.source) if number.source in SOURCES else as_given(number.source)


def rung(number: CrisisNumber) -> str:
    """What to ring or to text; whatever the language, a phone dials the same."""
    written = number.number
    if two := _TWO.fullmatch(written):
        return phrase("{number} or {other}", number=two[1], other=two[2])
    if by_text := _OR_TEXT.fullmatch(written):
        return phrase("{number}, or text {other}", number=by_text[1], other=by_text[2])
    if option := _OPTION.fullmatch(written):
        return phrase("{number}, option {choice}", number=option[1], choice=option[2])
    if word := _WORD.fullmatch(written):
        return phrase("text {word} to {number}", word=word[1], number=word[2])
    return phrase("your local emergency number") if written == LOCAL else as_given(written)
