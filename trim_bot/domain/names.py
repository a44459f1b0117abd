"""Names in one form, so that one person's name is one name however it was typed."""

from __future__ import annotations

import unicodedata


def one_form(name: str) -> str:
    """A name without case, accents, marks and order: `Ólafur  O'Brien` and `o’brien, OLAFUR` are the same.

    Empty for a text without a letter or digit.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    letters = "".join(
        one if one.isalnum() else "" if unicodedata.combining(one) or one in "'’ʼ`´" else " " for one in plain
    )
    return " ".join(sorted(letters.split()))
