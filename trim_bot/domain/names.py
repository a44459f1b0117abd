"""Names in one form, so that one person's name is one name however it was typed."""

from __future__ import annotations

import unicodedata

APOSTROPHES = "'\u2018\u2019\u02bc\u02bb`\u00b4"


def one_form(name: str) -> str:
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
