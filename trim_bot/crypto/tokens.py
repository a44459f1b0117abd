"""Sealed references that buttons and forms carry: only we can read or make one, and no two are alike."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trim_bot.crypto.envelope import length_prefixed
from trim_bot.crypto.errors import ExpiredToken, InvalidToken, TokenTooLong
from trim_bot.crypto.keyring import Keyring
from trim_bot.crypto.page_seals import PageSeals

LONGEST = 2000
"""Characters; the least that a platform allows for a button's value."""
_SIGNED, _SEALED = 1, 2
_MAC_BYTES = 16
_NONCE_BYTES = 12
_LENGTH_BYTES = 2
_STEP = 128
"""Bytes to which a token is padded, so that all messages have tokens of one length."""
_VALUE_STEP = 80
"""The same for a hidden value; with it fits the longest that Slack takes as the value of an option."""
_HIDDEN = "~"


@dataclass(frozen=True, slots=True)
class Token:
    """What a genuine token says. `nonce` makes a form usable once; `expires_at` is UTC, in whole seconds."""

    org: str
    name: str
    refs: Mapping[str, str]
    nonce: str | None
    expires_at: datetime | None


class SealedTokens:
    """Makes and reads tokens: urlsafe base64 of a random nonce and of padded compact JSON under AES-256-GCM.

    The keys come from the keyring's root, so tokens outlive a rotation. What is written twice is never the same text,
    so that no two messages can be joined by it. No other spelling of a token is taken. Those of the first version,
    signed and readable, are still read: the buttons of old messages open.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._key = keyring.derive("tokens")
        self._cipher = AESGCM(keyring.derive("sealed tokens"))
        self._pages = PageSeals(keyring.derive("kept pages"))

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
        held = [_SEALED, org, name, dict(sorted(refs.items())), nonce, end]
        token = self._sealed(json.dumps(held, separators=(",", ":")).encode(), _STEP, "token")
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
        if "." in token:
            read = self._signed(token)
        else:
            plain = self._opened(token, "token")
            if plain is None:
                raise InvalidToken
            read = _parsed(plain, _SEALED)
        if read.expires_at is not None and (now or datetime.now(UTC)) >= read.expires_at:
            raise ExpiredToken
        return read

    def hide(self, org: str, value: str) -> str:
        """The value of an option that is a record's id or an address, so that nobody can read or join it."""
        return _HIDDEN + self._sealed(value.encode(), _VALUE_STEP, f"value {org}")

    def reveal(self, org: str, text: str) -> str:
        """What `hide` made unreadable for this organisation; any other text as it is."""
        if not text.startswith(_HIDDEN) or len(text) > LONGEST or not text.isascii():
            return text
        plain = self._opened(text[len(_HIDDEN) :], f"value {org}")
        return text if plain is None else plain.decode()

    def seal_for(self, secret: str, org: str, place: str, text: str) -> str:
        """A text that is opened with a browser's secret, in this place, alone; of any length, and padded."""
        return _base64(self._pages.seal(secret, org, place, text))

    def open_for(self, secret: str, org: str, place: str, sealed: str) -> str | None:
        """What `seal_for` sealed; None where it is not that secret or place, or was changed."""
        try:
            raw = _raw(sealed)
        except ValueError:
            return None
        return self._pages.open(secret, org, place, raw)

    def _sealed(self, plain: bytes, step: int, place: str) -> str:
        held = len(plain).to_bytes(_LENGTH_BYTES, "big") + plain
        nonce = secrets.token_bytes(_NONCE_BYTES)
        padded = held.ljust(-(-len(held) // step) * step, b"\0")
        return _base64(nonce + self._cipher.encrypt(nonce, padded, length_prefixed("sealed", place)))

    def _opened(self, text: str, place: str) -> bytes | None:
        try:
            raw = _raw(text)
            if _base64(raw) != text:
                return None
            padded = self._cipher.decrypt(
                raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], length_prefixed("sealed", place)
            )
        except (ValueError, InvalidTag):
            return None
        length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
        return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]

    def _signed(self, token: str) -> Token:
        payload, _, mac = token.partition(".")
        if not hmac.compare_digest(mac, self._mac(payload)):
            raise InvalidToken
        try:
            held = _raw(payload)
        except ValueError:
            raise InvalidToken from None
        return _parsed(held, _SIGNED)

    def _mac(self, payload: str) -> str:
        digest = hmac.new(self._key, length_prefixed("token", payload), hashlib.sha256).digest()
        return _base64(digest[:_MAC_BYTES])


def _parsed(plain: bytes, wanted: int) -> Token:
    try:
        held = json.loads(plain)
        version, org, name, refs, nonce, end = held
        if version != wanted:
            raise InvalidToken
        return Token(
            org=str(org),
            name=str(name),
            refs=MappingProxyType({str(key): str(ref) for key, ref in refs.items()}),
            nonce=None if nonce is None else str(nonce),
            expires_at=None if end is None else datetime.fromtimestamp(int(end), UTC),
        )
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise InvalidToken from None


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _raw(text: str) -> bytes:
    """What `_base64` wrote. Raises `ValueError` for what is no base64."""
    # Padding that is too much is passed over, and no text lacks more than this.
    return base64.urlsafe_b64decode(text + "==")
