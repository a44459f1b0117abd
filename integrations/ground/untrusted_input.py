"""Reads what a stranger sent, no further than is needed; what is wrong is refused and never repeated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from starlette.requests import ClientDisconnect, Request

from trim_bot.domain.clean_text import cleaned, tidy_name
from trim_bot.domain.errors import SafeError

MOST_TEXT = 12_000
"""Longest text taken from a payload, in characters; far above what any field of ours or of a platform's holds."""


class Malformed(SafeError):
    """A request with a good proof that does not look like one of its platform's."""

    text = "This request cannot be read"


def part(payload: Mapping[str, object], key: str) -> Mapping[str, object]:
    """The object at a key; an absent one is empty."""
    return mapping(payload.get(key) or {})


def mapping(value: object) -> Mapping[str, object]:
    """The same value if it is an object; Malformed otherwise."""
    if not isinstance(value, dict):
        raise Malformed
    return value


def items(payload: Mapping[str, object], key: str, most: int) -> Sequence[object]:
    """The list at a key, of at most `most` entries; an absent one is empty."""
    value = payload.get(key) or []
    if not isinstance(value, list) or len(value) > most:
        raise Malformed
    return value


def text(payload: Mapping[str, object], key: str, most: int = MOST_TEXT) -> str:
    """The text at a key, of at most `most` characters; an absent one is empty."""
    return checked(payload.get(key) or "", most)


def called(payload: Mapping[str, object], *keys: str) -> str:
    """What somebody is called there: the first of these that says anything, fit to be shown and cut where it is long.

    Empty for anything else. Nobody chooses how a platform spells them, so no name stands in anybody's way.
    """
    found = (payload.get(key) for key in keys)
    names = (tidy_name(one) for one in found if isinstance(one, str))
    return next((name for name in names if name), "")


def own_name(value: object, most: int) -> str:
    """The same value if it can be a name that we gave; Malformed otherwise."""
    if not isinstance(value, str) or len(value) > most or cleaned(value) != value:
        raise Malformed
    return value


def checked(value: object, most: int = MOST_TEXT) -> str:
    """The text, cleaned; Malformed for anything else, and for one that is too long."""
    if not isinstance(value, str) or len(value) > most:
        raise Malformed
    return cleaned(value)


def matched(value: object, pattern: re.Pattern[str]) -> str:
    """The same value if the whole of it is such a text; Malformed otherwise."""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Malformed
    return value


MOST_BYTES = 512 * 1024
"""Longer than anything a chat platform sends to an app."""


class UnreadBody(SafeError):
    """A body that is longer than is ever needed, or that broke off."""

    text = "This request cannot be read"

    def __init__(self, *, too_long: bool) -> None:
        super().__init__()
        self.too_long = too_long


async def bounded_body(request: Request, most: int = MOST_BYTES) -> bytes:
    """The whole body, of at most `most` bytes; UnreadBody as soon as it grows past that, or when it breaks off."""
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise UnreadBody(too_long=False)
    # Python reads no number of thousands of digits.
    if len(length) >= 20 or int(length) > most:
        raise UnreadBody(too_long=True)
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise UnreadBody(too_long=True)
            parts.append(part)
    except ClientDisconnect:
        # It broke off, or took too long: nobody reads the answer any more.
        raise UnreadBody(too_long=False) from None
    return b"".join(parts)


def media_type(content_type: str) -> str:
    """What a `Content-Type` says, in small letters and without its parameters."""
    return content_type.partition(";")[0].strip().lower()
