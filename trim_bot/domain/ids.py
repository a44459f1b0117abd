"""Opaque ids, one type for each kind of thing, and codes that people read aloud: neither means anything."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Concatenate, NewType, ParamSpec, TypeVar

OrganisationId = NewType("OrganisationId", str)
MemberId = NewType("MemberId", str)
IncidentId = NewType("IncidentId", str)
OfferId = NewType("OfferId", str)
PlannedEventId = NewType("PlannedEventId", str)
BriefingId = NewType("BriefingId", str)
BriefingInviteId = NewType("BriefingInviteId", str)
CaseId = NewType("CaseId", str)
CheckInId = NewType("CheckInId", str)
InterviewId = NewType("InterviewId", str)
ReferralId = NewType("ReferralId", str)
RequestId = NewType("RequestId", str)
StepId = NewType("StepId", str)
KeyId = NewType("KeyId", str)
ExposureId = NewType("ExposureId", str)
AccountId = NewType("AccountId", str)
SessionId = NewType("SessionId", str)
"""Digest of a code or of a browser's secret."""
KeptPageId = NewType("KeptPageId", str)
"""Digest of a browser's secret and of the handle in the address of a page it saw."""
MessageHandle = NewType("MessageHandle", str)
"""What the buttons of one sent message carry; it is kept as a keyed digest alone."""
KindId = NewType("KindId", str)
"""A kind of hard event of the site."""
ServiceId = NewType("ServiceId", str)
"""An entry of the site's directory."""
PlaceId = NewType("PlaceId", str)
"""A place of the site; empty for its main one."""
MAIN_PLACE = PlaceId("")

R = TypeVar("R")
K = TypeVar("K", bound=str)
P = ParamSpec("P")
RecordType = Callable[Concatenate[K, P], R]
"""A record type as what makes its records, the id first: so an id of anything else is a type error."""

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for one another."""
GROUPS, SIZE = 4, 4
"""Of a code that stands for long: about 79 bits, so that guessing one is hopeless."""


def record_type(kind: RecordType[K, P, R]) -> type[R]:
    """The record type itself. Raises TypeError for anything else that makes records."""
    if not isinstance(kind, type):
        raise TypeError("records are asked for by their type")
    return kind


def new_id() -> str:
    """A fresh id of 26 letters and digits (about 128 random bits)."""
    return _drawn(26)


def new_code(groups: int = GROUPS, size: int = SIZE) -> str:
    """A fresh code of so many groups of letters and digits, such as `k7mt-2p9x-…`."""
    return _grouped(_drawn(groups * size), size)


def code_from(digest: str, groups: int = GROUPS, size: int = SIZE) -> str:
    """The code that a keyed digest stands for, always the same; nobody without the key can tell it."""
    return _grouped(_letters(int.from_bytes(hashlib.sha256(digest.encode()).digest()), groups * size), size)


def _drawn(count: int) -> str:
    """So many letters by chance, each as likely as any other, in one draw: one for each took twenty times as long."""
    return _letters(secrets.randbelow(len(ALPHABET) ** count), count)


def _letters(number: int, count: int) -> str:
    letters = []
    for _ in range(count):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def typed_code(text: str, groups: int = GROUPS, size: int = SIZE) -> str | None:
    """The code somebody typed, however they spaced it; None when it cannot be one."""
    letters = "".join(letter for letter in text.casefold() if letter.isalnum())
    if len(letters) != groups * size or not set(letters) <= set(ALPHABET):
        return None
    return _grouped(letters, size)


def _grouped(letters: str, size: int) -> str:
    return "-".join(letters[start : start + size] for start in range(0, len(letters), size))
