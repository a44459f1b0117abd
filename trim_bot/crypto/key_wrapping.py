"""Moves every data key under the newest master key, so that older master keys can be retired."""

from __future__ import annotations

from dataclasses import replace

from trim_bot.crypto.key_store import KeyStore, StoredKey
from trim_bot.crypto.keyring import Keyring, Wrapped


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
