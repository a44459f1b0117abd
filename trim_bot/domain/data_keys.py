"""A wrapped data key, and the signals about data keys, as they pass between the vault and the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from trim_bot.domain.errors import SafeError


@dataclass(frozen=True, slots=True)
class StoredKey:
    """One wrapped data key: its id, the master key that wrapped it, the bytes, and when it was made (UTC)."""

    id: str
    master_id: str
    wrapped: bytes
    created_at: datetime


class KeyGone(SafeError):
    """The data key was destroyed or never existed: what it sealed cannot be read again."""

    def __init__(self, key_id: str) -> None:
        super().__init__("The key to this record has been destroyed")
        self.key_id = key_id


class KeyNeeded(SafeError):
    """Data keys must be fetched outside the transaction; fetch `key_ids` and run the body again."""

    def __init__(self, key_ids: Iterable[str]) -> None:
        super().__init__("Data keys must be fetched before this can run")
        self.key_ids = tuple(key_ids)


class SparesNeeded(SafeError):
    """No committed spare key is left; make `count` spares outside the transaction and run the body again."""

    def __init__(self, count: int) -> None:
        super().__init__("Spare data keys must be made before this can run")
        self.count = count
