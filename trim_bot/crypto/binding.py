"""Unambiguous byte strings for what a key or a ciphertext is bound to, and the digests made from them."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def length_prefixed(*parts: str | bytes) -> bytes:
    """The parts joined so that no two different lists of parts give the same bytes.

    Each part is preceded by its length (4 bytes, big endian). Text is UTF-8; lone surrogates are kept,
    since an encoding error would quote what was typed.
    """
    out = bytearray()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        out += len(raw).to_bytes(4, "big")
        out += raw
    return bytes(out)


def subkey(key: bytes, *purpose: str | bytes) -> bytes:
    """A 32-byte key for one purpose, made from `key` with HKDF-SHA256 (RFC 5869, no salt)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=length_prefixed(*purpose)).derive(key)


def keyed_digest(key: bytes, *parts: str | bytes) -> bytes:
    """HMAC-SHA256 (32 bytes) of the bound parts."""
    return hmac.new(key, length_prefixed(*parts), hashlib.sha256).digest()


def base32_lower(raw: bytes) -> str:
    """Base32 in lower case without padding: 26 characters for 16 bytes, 52 for 32."""
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()
