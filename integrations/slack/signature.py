"""Checks that a request was signed by Slack, just now, with our secret."""

from __future__ import annotations

import hashlib
import hmac

WINDOW_SECONDS = 300


def is_signed(secret: bytes, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether Slack signed this body within five minutes of `now`, in seconds since 1970 (real time)."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if abs(now - int(timestamp)) > WINDOW_SECONDS:
        return False
    digest = hmac.new(secret, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(b"v0=" + digest.encode(), signature.encode())
