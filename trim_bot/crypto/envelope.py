"""The sealed form of one value: version, nonce and AES-256-GCM ciphertext, padded to hide its length."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trim_bot.crypto.binding import length_prefixed
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
