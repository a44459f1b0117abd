"""A digest of what somebody has seen, so that nobody overwrites or signs what another has changed since."""

from __future__ import annotations

import hashlib

_DIGITS = 16


def seen_of(*values: object) -> str:
    """The digest of values by how they are written down; the same for the same values, whatever the process."""
    return hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
