"""Reads the body of a request no further than is ever needed."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request

from trim_bot.domain.errors import SafeError

MOST_BYTES = 512 * 1024
"""Longer than anything a chat platform sends to an app."""


class UnreadBody(SafeError):
    """A body that is longer than is ever needed, or that broke off."""

    def __init__(self, *, too_long: bool) -> None:
        super().__init__("This request cannot be read")
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
