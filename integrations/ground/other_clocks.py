"""Reads what the clock on the other side says, from the `Date` that every answer carries."""

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
