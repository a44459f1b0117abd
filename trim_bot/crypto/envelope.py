"""The sealed form of one value, and unambiguous byte strings for what it or a key is bound to."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trim_bot.crypto.errors import SealBroken

_VERSION = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_LENGTH_BYTES = 4
_SMALL_BUCKETS = (64, 256, 1024)
_BUCKET_STEP = 1024
OVERHEAD = len(_VERSION) + _NONCE_BYTES + _TAG_BYTES
"""Bytes a sealed value has beyond its bucket."""


def padded_length(length: int) -> int:
    """The padded size of a plaintext of `length` bytes: 64, 256, 1024, then multiples of 1024."""
    needed = length + _LENGTH_BYTES
    for size in _SMALL_BUCKETS:
        if needed <= size:
            return size
    return -(-needed // _BUCKET_STEP) * _BUCKET_STEP


def associated_data(org: str, table: str, column: str, row: str, key_id: str) -> bytes:
    """The associated data: a value opens only in the very place where it was sealed."""
    return length_prefixed("value", _VERSION, org, table, column, row, key_id)


def encrypt(cipher: AESGCM, plain: bytes, place: bytes) -> bytes:
    """Seal `plain` for `place` under a fresh random 96-bit nonce."""
    padded = len(plain).to_bytes(_LENGTH_BYTES, "big") + plain
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + cipher.encrypt(nonce, padded.ljust(padded_length(len(plain)), b"\0"), place)


def decrypt(cipher: AESGCM, sealed: bytes, place: bytes) -> bytes:
    """The plaintext. Raises `SealBroken` when anything at all differs from what was sealed for `place`."""
    if sealed[:1] != _VERSION or len(sealed) < OVERHEAD + _LENGTH_BYTES:
        raise SealBroken
    start = len(_VERSION) + _NONCE_BYTES
    try:
        padded = cipher.decrypt(sealed[len(_VERSION) : start], sealed[start:], place)
    except InvalidTag:
        raise SealBroken from None
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    if length > len(padded) - _LENGTH_BYTES:
        raise SealBroken
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]


KEY_BYTES = 32


def length_prefixed(*parts: str | bytes) -> bytes:
    """The parts joined so that no two different lists of parts give the same bytes.

    Each part is preceded by its length (4 bytes, big endian). Text is UTF-8; lone surrogates are kept,
    since an encoding error would quote what was typed.
    """
    out: list[bytes] = []
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        out.append(len(raw).to_bytes(4, "big"))
        out.append(raw)
    return b"".join(out)


def subkey(key: bytes, *purpose: str | bytes) -> bytes:
    """A 32-byte key for one purpose, made from `key` with HKDF-SHA256 (RFC 5869, no salt)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=length_prefixed(*purpose)).derive(key)


def keyed_digest(key: bytes, *parts: str | bytes) -> bytes:
    """HMAC-SHA256 (32 bytes) of the bound parts."""
    return hmac.new(key, length_prefixed(*parts), hashlib.sha256).digest()


_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = tuple(first + second for first in _LETTERS for second in _LETTERS)


def base32_lower(raw: bytes) -> str:
    """Base32 in lower case without padding: 26 characters for 16 bytes, 52 for 32."""
    # Two letters at a time: the library's own way takes twice as long, and every row that is bound has several.
    bits = len(raw) * 8
    padded = bits + -bits % 10
    number = int.from_bytes(raw, "big") << (padded - bits)
    letters = "".join([_PAIRS[number >> at & 1023] for at in range(padded - 10, -1, -10)])
    return letters[: -(-bits // 5)]
