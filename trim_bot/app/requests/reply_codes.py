"""Reply codes of signed-out requests: derived from the form's nonce, so that a replay shows the same one."""

from __future__ import annotations

import hashlib

from trim_bot.app.seam.work import UnitOfWork

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for one another."""
LENGTH = 16
"""About 79 bits: guessing one is hopeless."""
GROUP = 4


def code_for(work: UnitOfWork) -> str:
    """The code of the form being sent, such as `k7mt-2p9x-…`; nobody without the key can derive it."""
    number = int.from_bytes(hashlib.sha256(work.tx.keyed("reply_code", work.nonce).encode()).digest())
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return _grouped("".join(letters))


def typed_code(text: str) -> str | None:
    """The code somebody typed, however they spaced it; None when it cannot be one."""
    letters = "".join(letter for letter in text.casefold() if letter.isalnum())
    if len(letters) != LENGTH or not set(letters) <= set(ALPHABET):
        return None
    return _grouped(letters)


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))
