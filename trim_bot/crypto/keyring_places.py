"""Where a keyring is kept, behind one interface: a file, a variable, or wrapped by a key service."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from trim_bot.crypto.errors import KeyringError, KeyringMissing
from trim_bot.crypto.keyring import Keyring, parsed, read_address, write_private
from trim_bot.crypto.transit_address import is_transit


class KeyringPlace(Protocol):
    """One place that a keyring is read from, once at the start, and perhaps written to."""

    kind: str
    """What an administrator calls it."""

    def read(self) -> bytes:
        """The keyring as it is written down; secret. Raises `KeyringMissing`, `KeyringError`."""
        ...

    def write(self, raw: bytes) -> None:
        """Keep this instead, whole or not at all. Raises `KeyringError` where nothing can be written."""
        ...


class FilePlace:
    """`file:PATH`, readable by its owner alone."""

    kind = "file"

    def __init__(self, address: str) -> None:
        self._address = address

    def read(self) -> bytes:
        """As `KeyringPlace` says."""
        return read_address(self._address)

    def write(self, raw: bytes) -> None:
        """As `KeyringPlace` says."""
        write_private(Path(self._address.partition(":")[2]), raw)


class VariablePlace:
    """`env:NAME`, which whoever started this process set."""

    kind = "variable"

    def __init__(self, address: str) -> None:
        self._address = address

    def read(self) -> bytes:
        """As `KeyringPlace` says."""
        return read_address(self._address)

    def write(self, raw: bytes) -> None:
        """Nobody could find it there again. Raises `KeyringError`."""
        raise KeyringError(
            "A keyring in a variable cannot be changed: copy it to a file first (trim-bot keys copy)"
        )


def place_at(address: str) -> KeyringPlace:
    """The place of an address. Raises `KeyringError` for one that no provider knows."""
    if is_transit(address):
        # Only here: its HTTP client is a fifth of a start, and nobody else needs it.
        from trim_bot.crypto.transit import TransitPlace

        return TransitPlace.at(address, os.environ)
    return VariablePlace(address) if address.startswith("env:") else FilePlace(address)


def load_keyring(address: str) -> Keyring:
    """The keyring kept at an address. Raises `KeyringMissing`, `KeyringError`. It may ask a service."""
    root, keys = parsed(place_at(address).read())
    return Keyring(root=root, keys=keys, by_service=is_transit(address))


def keep_keyring(keyring: Keyring, place: KeyringPlace) -> None:
    """Write a keyring to a place, over nothing but an earlier state of itself. Raises `KeyringError`."""
    try:
        root, keys = parsed(place.read())
    except KeyringMissing:
        place.write(keyring.as_json())
        return
    if Keyring(root=root, keys=keys).fingerprint != keyring.fingerprint:
        raise KeyringError("Another keyring is already there; writing over it would lose every record")
    place.write(keyring.as_json())
