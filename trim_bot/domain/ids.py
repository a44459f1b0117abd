"""Opaque ids: random, meaningless to a reader, one type for each kind of thing."""

from __future__ import annotations

import secrets
from typing import NewType

OrganisationId = NewType("OrganisationId", str)
MemberId = NewType("MemberId", str)
IncidentId = NewType("IncidentId", str)
OfferId = NewType("OfferId", str)
CaseId = NewType("CaseId", str)
CheckInId = NewType("CheckInId", str)
InterviewId = NewType("InterviewId", str)
ReferralId = NewType("ReferralId", str)
RequestId = NewType("RequestId", str)
StepId = NewType("StepId", str)
KeyId = NewType("KeyId", str)
ExposureId = NewType("ExposureId", str)

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_id() -> str:
    """A fresh id of 26 letters and digits (about 128 random bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(26))


def new_code(groups: int = 4, size: int = 4) -> str:
    """A reply code people can read aloud, such as `k7mt-2p9x-…` (about 79 random bits by default)."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(size)) for _ in range(groups))
