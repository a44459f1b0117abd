"""Keyed digests for look-ups: equality can be asked of the database without its holding the text."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from trim_bot.crypto.envelope import base32_lower, keyed_digest, subkey
from trim_bot.crypto.keyring import Keyring


class Pseudonyms:
    """One key for each organisation and purpose, so that digests match within one column of one employer."""

    def __init__(self, keyring: Keyring) -> None:
        base = keyring.derive("lookups")
        self._key = lru_cache(maxsize=1024)(lambda org, purpose: subkey(base, org, purpose))

    def keyed(self, org: str, purpose: str, text: str) -> str:
        """52 characters that stand for `text`, the same after key rotation.

        Surrounding blanks, letter case and Unicode composition make no difference.
        """
        return base32_lower(keyed_digest(self._key(org, purpose), normal(text)))


def normal(text: str) -> str:
    """The form in which texts are compared: stripped, case folded, composed (NFC)."""
    folded = unicodedata.normalize("NFC", text.strip()).casefold()
    return unicodedata.normalize("NFC", folded).strip()
