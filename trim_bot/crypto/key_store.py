"""What the vault asks of the store that keeps wrapped data keys, apart from the data they open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredKey:
    """One wrapped data key: its id, the master key that wrapped it, the bytes, and when it was made (UTC)."""

    id: str
    master_id: str
    wrapped: bytes
    created_at: datetime


class KeyStore(Protocol):
    """Wrapped data keys. Every call is its own transaction, durable when it returns."""

    def get(self, ids: Iterable[str], /) -> dict[str, StoredKey]:
        """The keys that exist among `ids`, by id; an id that is not there is left out."""
        ...

    def add(self, keys: Sequence[StoredKey], /) -> None:
        """Keep new keys, all or none."""
        ...

    def delete(self, ids: Iterable[str], /) -> None:
        """Destroy keys for good; an id that is not there is no error."""
        ...

    def older_than(self, when: datetime, /) -> list[str]:
        """Ids of the keys made before `when` (UTC): the sweep of orphans compares them with the data."""
        ...

    def all_ids(self) -> list[str]:
        """The id of every key."""
        ...

    def not_under(self, master_id: str, limit: int, /) -> list[StoredKey]:
        """At most `limit` keys that another master key than `master_id` wrapped."""
        ...

    def replace(self, keys: Sequence[StoredKey], /) -> None:
        """Put a new wrapping on keys that exist. A key deleted meanwhile stays deleted: never an insert."""
        ...
