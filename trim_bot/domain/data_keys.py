"""The wrapped data key as it travels between the vault, which wraps it, and the store, which keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoredKey:
    """One wrapped data key: its id, the master key that wrapped it, the bytes, and when it was made (UTC)."""

    id: str
    master_id: str
    wrapped: bytes
    created_at: datetime
