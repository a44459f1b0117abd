"""Reads single members of an activity that may hold anything; what is wrong is refused and never repeated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from trim_bot.domain.clean_text import cleaned
from trim_bot.domain.errors import SafeError

MOST_TEXT = 12_000
"""Longest text taken from an activity, in characters; far above what any field of ours holds."""
ENTRA_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
"""A tenant or a person of Entra; in practice 36 letters, digits and hyphens."""


class MalformedActivity(SafeError):
    """A request with a good token that does not look like one of the Bot Connector's."""

    def __init__(self) -> None:
        super().__init__("This request cannot be read")


def part(value: Mapping[str, object], key: str) -> Mapping[str, object]:
    """The object at a key; an absent one is empty."""
    return mapping(value.get(key) or {})


def mapping(value: object) -> Mapping[str, object]:
    """The same value if it is an object; MalformedActivity otherwise."""
    if not isinstance(value, dict):
        raise MalformedActivity
    return value


def items(value: Mapping[str, object], key: str, most: int) -> Sequence[object]:
    """The list at a key, of at most `most` entries; an absent one is empty."""
    found = value.get(key) or []
    if not isinstance(found, list) or len(found) > most:
        raise MalformedActivity
    return found


def text(value: Mapping[str, object], key: str, most: int = MOST_TEXT) -> str:
    """The text at a key, of at most `most` characters; an absent one is empty."""
    return checked(value.get(key) or "", most)


def own_name(value: object, most: int) -> str:
    """The same value if it can be a name that we gave; MalformedActivity otherwise."""
    if not isinstance(value, str) or len(value) > most or cleaned(value) != value:
        raise MalformedActivity
    return value


def checked(value: object, most: int = MOST_TEXT) -> str:
    """The text, cleaned; MalformedActivity for anything else, and for one that is too long."""
    if not isinstance(value, str) or len(value) > most:
        raise MalformedActivity
    return cleaned(value)


def entra_id(value: object) -> str:
    """The same tenant or person in small letters, since Entra's ids ignore case; MalformedActivity otherwise."""
    if not isinstance(value, str) or not ENTRA_ID.fullmatch(value):
        raise MalformedActivity
    return value.lower()
