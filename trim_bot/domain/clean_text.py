"""The one place where text from outside is cleaned, and names are brought into one form."""

from __future__ import annotations

import re
import unicodedata
from typing import TypeVar, cast

T = TypeVar("T")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ESCAPES = re.compile("(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]")
"""Whole commands to a terminal, so that no letters of theirs stay behind."""
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_ANY = re.compile(f"{_LINE_ENDS.pattern}|{_UNWANTED.pattern}")


def cleaned(text: str) -> str:
    """The same text, fit to be kept and shown anywhere; its lines end in `\\n`."""
    if _ANY.search(text) is None:
        return text
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        # Two halves that belong together are one letter again; a lone one is nothing.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _UNWANTED.sub("", _ESCAPES.sub("", _LINE_ENDS.sub("\n", text)))


_RIGHT_TO_LEFT = "\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RUN = re.compile(
    f"[{_RIGHT_TO_LEFT}](?:[{_RIGHT_TO_LEFT}0-9 \u0300-\u036f.,'’-]*[{_RIGHT_TO_LEFT}\u0300-\u036f])?"
)
_APART, _END = "\u2068", "\u2069"


_LEFT_TO_RIGHT = "A-Za-z\u00c0-\u024f\u0370-\u052f"
_LEFT_END = f"{_LEFT_TO_RIGHT}0-9\u0300-\u036f"
_LEFT_RUN = re.compile(f"[+(]?[{_LEFT_TO_RIGHT}0-9](?:[{_LEFT_END} .,:;/@_()+'’-]*[{_LEFT_END}])?")


def isolated(text: str, *, right_to_left: bool = False) -> str:
    """The same text with whatever runs against its lines set apart, so that it reorders nothing that stands beside it.

    A name in Hebrew or Arabic would otherwise draw the number, comma or name after it to its other side. In lines that
    run from `right_to_left` it is names and phone numbers of other alphabets that are set apart.
    """
    run = _LEFT_RUN if right_to_left else _RUN
    return run.sub(lambda found: f"{_APART}{found[0]}{_END}", text)


_UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal would obey, or would draw out of its order: controls, ends of lines, and marks of direction."""


def printable(text: str) -> str:
    """The same text fit for a terminal: what it would obey stands there in letters, such as `\\u001b`."""
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def one_line(text: str) -> str:
    """The same text cleaned, on one line, without space at its ends or doubled within it: a name."""
    return " ".join(cleaned(text).split())


_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u2060\ufeff]")
"""Marks of direction and spaces without width. What joins letters or emoji is no such mark, and stays."""
MOST_NAME = 200
"""Longest name that is taken from a platform, in characters."""


def tidy_name(text: str) -> str:
    """A name from outside, fit to be shown: on one line, without what nobody sees, and cut where it is very long.

    Empty where nothing is left. Emoji stay: some people write their name with one.
    """
    name = one_line(_UNSEEN.sub("", text[: 4 * MOST_NAME]))
    return name if len(name) <= MOST_NAME else name[: MOST_NAME - 1].rstrip("\u200d\ufe0f ") + "…"


def cleaned_all(value: T, *, drawn: bool = False) -> T:
    """A value with every text in it cleaned, in lists, tuples and the values of mappings, however deep.

    In what is `drawn`, whatever was set apart stays so.
    """
    match value:
        case str() if drawn and _APART in value:
            parts = re.split(f"([{_APART}{_END}])", value)
            return cast(T, "".join(one if one in (_APART, _END) else cleaned(one) for one in parts))
        case str():
            return cast(T, cleaned(value))
        case dict():
            return cast(T, {key: cleaned_all(one, drawn=drawn) for key, one in value.items()})
        case list() | tuple():
            return cast(T, type(value)(cleaned_all(one, drawn=drawn) for one in value))
        case _:
            return value


APOSTROPHES = "'\u2018\u2019\u02bc\u02bb`\u00b4"


def normalised_name(name: str) -> str:
    """A name without case, accents, marks and order: `Ólafur  O'Brien` and `o’brien, OLAFUR` are the same.

    Empty for a text without a letter or digit.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    letters = "".join(_letter(one) for one in plain)
    return " ".join(sorted(letters.split()))


def _letter(one: str) -> str:
    """A letter or digit as it is, nothing for an accent or apostrophe, and a space for any other mark."""
    if one in APOSTROPHES or unicodedata.combining(one):
        return ""
    return one if one.isalnum() else " "
