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
    CLOCK = "clock"
    """What is due, and what the desk looks after by itself."""
    NAMES = "names"
    """The names of those listed, for a form that names people, and for a site file that lists them."""
    EXPORT = "export"
    """What a command hands out to whoever has the keyring."""
    RESTORE = "restore"
    """Doing again what was taken back since a backup."""


_use: ContextVar[KeyUse] = ContextVar("key_use", default=KeyUse.ORDINARY)


@contextmanager
def keys_for(use: KeyUse) -> Iterator[None]:
    """Whatever is opened inside, by this task and those it begins, is for this."""
    before = _use.set(use)
    try:
        yield
    finally:
        _use.reset(before)


def key_use() -> KeyUse:
    """What this task opens keys for. A thread that works for a task knows it only when it is told."""
    return _use.get()
