"""Reads what an answer says of time: the clock on the other side, and how long it wishes to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MOST_LETTERS = 40


def date_in(header: object) -> datetime | None:
    """The time in a `Date` header, UTC; None where there is none that can be read."""
    if not isinstance(header, str) or len(header) > MOST_LETTERS:
        return None
    try:
        said = parsedate_to_datetime(header)
        return (said if said.tzinfo is not None else said.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def seconds_in(header: object) -> float | None:
    """The wish to wait in a `Retry-After` that is a number of seconds; None where it is no such number."""
    if not isinstance(header, str) or not (header.isascii() and header.isdigit() and len(header) < 10):
        return None
    return float(header)
