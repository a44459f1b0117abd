"""Signed references that buttons and forms carry: opaque ids only, readable by anyone, made only by us."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from trim_bot.crypto.envelope import length_prefixed
from trim_bot.crypto.errors import ExpiredToken, InvalidToken, TokenTooLong
from trim_bot.crypto.keyring import Keyring

LONGEST = 2000
"""Characters; the least that a platform allows for a button's value."""
_VERSION = 1
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Token:
    """What a genuine token says. `nonce` makes a form usable once; `expires_at` is UTC, in whole seconds."""

    org: str
    name: str
    refs: Mapping[str, str]
    nonce: str | None
    expires_at: datetime | None


class SignedTokens:
    """Signs and reads tokens: urlsafe base64 of compact JSON, a dot, and 128 bits of HMAC-SHA256.

    The key comes from the keyring's root, so tokens outlive a rotation. The text of the payload is what is
    signed, and the signature is compared as text: no other spelling of either is taken.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._key = keyring.derive("tokens")

    def sign(
        self,
        org: str,
        name: str,
        refs: Mapping[str, str],
        *,
        nonce: str | None,
        expires_at: datetime | None,
    ) -> str:
        """A token. `expires_at` is aware real time, cut to whole seconds; None never ends.

        Raises `TokenTooLong` above 2000 characters, `ValueError` for a time without a zone.
        """
        if expires_at is not None and expires_at.tzinfo is None:
            raise ValueError("expires_at has no zone")
        end = None if expires_at is None else int(expires_at.timestamp())
        held = [_VERSION, org, name, dict(sorted(refs.items())), nonce, end]
        payload = _base64(json.dumps(held, separators=(",", ":")).encode())
        token = f"{payload}.{self._mac(payload)}"
        if len(token) > LONGEST:
            raise TokenTooLong
        return token

    def read(self, token: str, now: datetime | None = None) -> Token:
        """What the token says. `now` is real time (the machine's clock if left out).

        Raises `InvalidToken` when it is forged, malformed or longer than 2000 characters, `ExpiredToken` when
        it is genuine and `now` has reached its end.
        """
        if len(token) > LONGEST or not token.isascii():
            raise InvalidToken
        payload, _, mac = token.partition(".")
        if not hmac.compare_digest(mac, self._mac(payload)):
            raise InvalidToken
        read = _parsed(payload)
        if read.expires_at is not None and (now or datetime.now(UTC)) >= read.expires_at:
            raise ExpiredToken
        return read

    def _mac(self, payload: str) -> str:
        digest = hmac.new(self._key, length_prefixed("token", payload), hashlib.sha256).digest()
        return _base64(digest[:_MAC_BYTES])


def _parsed(payload: str) -> Token:
    try:
        held = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        version, org, name, refs, nonce, end = held
        if version != _VERSION:
            raise InvalidToken
        return Token(
            org=str(org),
            name=str(name),
            refs=MappingProxyType({str(key): str(ref) for key, ref in refs.items()}),
            nonce=None if nonce is None else str(nonce),
            expires_at=None if end is None else datetime.fromtimestamp(int(end), UTC),
        )
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error):
        raise InvalidToken from None


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")
