"""What data keys are opened for, said where the work is begun and known to every task that it begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum


class KeyUse(Enum):
    """What a key is opened for. Nobody can choose it: each stands where the work is begun."""

    ORDINARY = "ordinary"
    """What somebody asked to see or do, where nothing else is said: this alone is held back."""
    URGENT = "urgent"
    """Signing in, asking for help, calling for safety, and opening what a message says."""
    OWN = "own"
    """Answers to what the desk asked, entering what happened, and what somebody sees and decides of themselves."""
    CLOCK = "clock"
    """What is due, and what the desk looks after by itself."""
    NAMES = "names"
    """The names of those listed, for a form that names people, and for a site file that lists them."""
    EXPORT = "export"
    """What a command hands out to whoever has the keyring."""
    RESTORE = "restore"
    """Doing again what was taken back since a backup."""


class KeyPurpose:
    """What keys are opened for, and the key of the member who asks, as soon as they are met; empty until then."""

    __slots__ = ("asker", "use")

    def __init__(self, use: KeyUse = KeyUse.ORDINARY, asker: str = "") -> None:
        self.use = use
        self.asker = asker


_purpose: ContextVar[KeyPurpose | None] = ContextVar("key_purpose", default=None)


@contextmanager
def keys_for(use: KeyUse) -> Iterator[None]:
    """Whatever is opened inside, by this task, those it begins and the threads that work for it, is for this."""
    before = _purpose.set(KeyPurpose(use))
    try:
        yield
    finally:
        _purpose.reset(before)


def key_purpose() -> KeyPurpose:
    """What this task opens keys for, and for whom."""
    return _purpose.get() or KeyPurpose()


def asked_by_holder_of(key_id: str) -> None:
    """Whoever asks was met: what is opened from here on, and was to meet them, is opened for them."""
    purpose = _purpose.get()
    if purpose is not None:
        purpose.asker = key_id
