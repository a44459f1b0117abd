"""Proof that a form was sent from our own page: an HMAC over what only this browser's cookie holds."""

from __future__ import annotations

import hashlib
import hmac


def token_for(secret: bytes, binding: str) -> str:
    """The proof for a session secret or a visitor's random cookie; 64 hexadecimal digits."""
    return hmac.new(secret, b"form\x00" + binding.encode(), hashlib.sha256).hexdigest()


def holds(secret: bytes, binding: str, proof: str) -> bool:
    """Whether `proof` was made for `binding`; never for an empty one. Takes the same time either way."""
    expected = token_for(secret, binding)
    return hmac.compare_digest(expected.encode(), proof.encode()) and binding != ""
