"""What the vault asks of the store that keeps wrapped data keys, apart from the data they open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from trim_bot.domain.keys import StoredKey as StoredKey


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
