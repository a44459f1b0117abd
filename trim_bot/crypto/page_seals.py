"""Seals what a browser may come back to with a secret that only this browser holds: no key of ours alone opens it.

The secret is the cookie of a session or of a visitor, of which no more than a digest is kept. A copy of every store
with the keyring opens nothing that was sealed here, and once a browser has forgotten its cookie nothing ever does.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trim_bot.crypto.envelope import decrypt, encrypt, length_prefixed
from trim_bot.crypto.errors import SealBroken


class PageSeals:
    """AES-256-GCM under a key made of `root` and of the browser's secret, bound to the organisation and the place."""

    def __init__(self, root: bytes) -> None:
        self._root = root

    def seal(self, secret: str, organisation: str, place: str, text: str) -> bytes:
        """The text, padded, to be opened with the same secret in the same place alone."""
        return encrypt(self._cipher(secret), text.encode(), _bound(organisation, place))

    def open(self, secret: str, organisation: str, place: str, sealed: bytes) -> str | None:
        """What was sealed; None with another secret, in another place, or where any bit was changed."""
        try:
            return decrypt(self._cipher(secret), sealed, _bound(organisation, place)).decode()
        except SealBroken:
            return None

    def _cipher(self, secret: str) -> AESGCM:
        return AESGCM(hmac.new(self._root, secret.encode(), hashlib.sha256).digest())


def _bound(organisation: str, place: str) -> bytes:
    return length_prefixed("kept page", organisation, place)
