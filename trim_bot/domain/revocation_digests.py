"""How the ledger writes down what was taken back: keyed digests, which say nothing without the organisation's key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from trim_bot.domain.revocations import Revocable

PURPOSE = "taken_back"
"""Under which key the digests are made."""
GIVEN_TO, TAKEN_FROM = "+", "-"
"""Stand before a person who came into somebody's hands or list, or was taken out of it."""
Keyed = Callable[[str, str], str]
"""Keyed digest of a text for one organisation: purpose and text go in."""


@dataclass(frozen=True, slots=True)
class RevocationLine:
    """One line: `subject` and `value` are keyed digests, `token` binds the lines of one transaction together."""

    n: int
    organisation: str
    subject: str
    value: str
    token: str
    day: date
    """UTC."""


def subject_digest(keyed: Keyed, mark: Revocable) -> str:
    """What the ledger calls one thing that may be taken back."""
    return keyed(PURPOSE, "\n".join((mark.kind.value, *mark.subject)))


def value_digest(keyed: Keyed, subject: str, value: str) -> str:
    """What the ledger calls one value of the thing with this digest."""
    return keyed(PURPOSE, f"{subject}\n{value}")
