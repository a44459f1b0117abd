"""Wraps data keys under the newest master key, and what is asked of the store that keeps wrapped keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from trim_bot.crypto.keyring import Keyring, Wrapped
from trim_bot.domain.unused_keys import StoredKey as StoredKey


class KeyStore(Protocol):
    """Wrapped data keys. Every call is its own transaction, durable when it returns."""

    def get(self, ids: Iterable[str], /) -> dict[str, StoredKey]:
        """The keys that exist among `ids`, by id; an id that is not there is left out."""
        ...

    def add(self, keys: Sequence[StoredKey], spares: Sequence[StoredKey] = (), /) -> None:
        """Keep new keys, all or none: `keys` are taken by the caller, `spares` wait for whoever takes them."""
        ...

    def take(self, count: int, master_id: str, /) -> list[StoredKey]:
        """At most `count` keys that nobody had taken; committed, they are the caller's alone."""
        ...

    def still_taken(self, ids: Iterable[str], /) -> set[str]:
        """Those of `ids` that exist and that somebody took; they count as in use from here on."""
        ...

    def give_back(self, ids: Iterable[str], /) -> None:
        """Let others take keys that the caller took and surely did not use."""
        ...

    def delete(self, ids: Iterable[str], /) -> None:
        """Destroy keys for good; an id that is not there is no error."""
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


def wrapped_key(keyring: Keyring, key_id: str, secret: bytes) -> Wrapped:
    """`secret` under the newest master key, bound to its id so that two rows cannot be exchanged."""
    return keyring.wrap(secret, key_id.encode())


def unwrapped_key(keyring: Keyring, stored: StoredKey) -> bytes:
    """The data key in `stored`. Raises `WrongKey`."""
    return keyring.unwrap(Wrapped(stored.master_id, stored.wrapped), stored.id.encode())


def rewrap_all(keyring: Keyring, keys: KeyStore, batch: int = 500) -> int:
    """Rewrap every stored key that is not under the newest master key; returns how many were.

    It works in batches and can be stopped and run again. Data is untouched. Raises `WrongKey` at a key
    that this keyring cannot unwrap, with every earlier batch already kept.
    """
    done = 0
    while old := keys.not_under(keyring.newest.id, batch):
        keys.replace([_rewrapped(keyring, stored) for stored in old])
        done += len(old)
    return done


def _rewrapped(keyring: Keyring, stored: StoredKey) -> StoredKey:
    fresh = wrapped_key(keyring, stored.id, unwrapped_key(keyring, stored))
    return replace(stored, master_id=fresh.master_id, wrapped=fresh.blob)
