"""Reads single members of a payload that may hold anything; what is wrong is refused and never repeated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from trim_bot.domain.clean_text import cleaned
from trim_bot.domain.errors import SafeError

MOST_TEXT = 12_000
"""Longest text taken from a payload, in characters; Slack's longest field holds 3000."""
SLACK_ID = re.compile(r"[A-Za-z0-9]{1,40}")


class MalformedPayload(SafeError):
    """A signed request that does not look like one of Slack's."""

    def __init__(self) -> None:
        super().__init__("This request cannot be read")


def part(payload: Mapping[str, object], key: str) -> Mapping[str, object]:
    """The object at a key; an absent one is empty."""
    return mapping(payload.get(key) or {})


def mapping(value: object) -> Mapping[str, object]:
    """The same value if it is an object; MalformedPayload otherwise."""
    if not isinstance(value, dict):
        raise MalformedPayload
    return value


def items(payload: Mapping[str, object], key: str, most: int) -> Sequence[object]:
    """The list at a key, of at most `most` entries; an absent one is empty."""
    value = payload.get(key) or []
    if not isinstance(value, list) or len(value) > most:
        raise MalformedPayload
    return value


def text(payload: Mapping[str, object], key: str, most: int = MOST_TEXT) -> str:
    """The text at a key, of at most `most` characters; an absent one is empty."""
    return checked(payload.get(key) or "", most)


def own_name(value: object, most: int) -> str:
    """The same value if it can be a name that we gave; MalformedPayload otherwise."""
    if not isinstance(value, str) or len(value) > most or cleaned(value) != value:
        raise MalformedPayload
    return value


def checked(value: object, most: int = MOST_TEXT) -> str:
    """The text, cleaned; MalformedPayload for anything else, and for one that is too long."""
    if not isinstance(value, str) or len(value) > most:
        raise MalformedPayload
    return cleaned(value)


def slack_id(payload: Mapping[str, object], key: str) -> str:
    """The team or user id at a key; MalformedPayload when there is none."""
    return checked_id(payload.get(key))


def checked_id(value: object) -> str:
    """The same value if it is a team or user id; MalformedPayload otherwise."""
    if not isinstance(value, str) or not SLACK_ID.fullmatch(value):
        raise MalformedPayload
    return value
